using Experiments.Contracts.Torch;
using Experiments.Learning.Tests.Shared;
using Experiments.Learning.Training;
using Experiments.Plugins.Models;
using Experiments.Testing;

namespace Experiments.Plugins.Training.Tests;

public class PretrainPlanTests
{
    [Fact]
    public void WithoutADepthOptionsDecideAndTheRestIsUsual()
    {
        var plan = Plan(Options(depth: null) with { Tokens = 100_000 });
        plan.ShouldBe(new(32, 100_000 / (32 * 64), TrainingLoop.UsualLearningRate, null));
    }

    [Fact]
    public void ADepthDecidesWhatIsNotGiven()
    {
        var plan = Plan(Options(depth: 2) with { TokensPerParameter = 10 });
        plan.Dial!.Tokens.ShouldBe(10e6);
        plan.Dial.ShouldBe(DepthDial.Of(6e6, 64, 10e6));
        (plan.BatchSize, plan.LearningRate).ShouldBe((plan.Dial.BatchSize, plan.Dial.LearningRate));
        plan.Steps.ShouldBe((long)(10e6 / (plan.BatchSize * 64)));
    }

    [Fact]
    public void WhatIsGivenStaysAndTheBatchIsDivisibleByItsParts()
    {
        var given = Plan(Options(depth: 2) with { Steps = 7, BatchSize = 5 });
        (given.Steps, given.BatchSize, given.Dial!.Tokens).ShouldBe((7, 5, 7 * 5 * 64));
        (Plan(Options(depth: 2) with { Accumulation = 3 }).BatchSize % 3).ShouldBe(0);
    }

    private static PretrainPlan Plan(PretrainOptions options) => PretrainPlan.Of(options, parameters: 1_000_000, operationsPerToken: 6e6, length: 64);

    private static PretrainOptions Options(int? depth)
    {
        var (gpt, adamw, cosine) = (TinyModels.Options with { Depth = depth }, new AdamWOptions(), new CosineOptions());
        return new()
        {
            Model = GivenPlugins.Nested<IModelArchitecture>(new GptArchitecture(gpt), gpt),
            Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamWOptimizer(adamw), adamw),
            Schedule = GivenPlugins.Nested<ISchedule>(new CosineSchedule(cosine), cosine),
        };
    }
}
