using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Tests.Shared;
using Experiments.Plugins.Training;
using Experiments.Testing;

namespace Experiments.Plugins.Alignment.Tests;

public sealed class GrpoStageTests : IDisposable
{
    private readonly StageBench _bench = new();

    [Fact]
    public async Task WhatIsRewardedBecomesLikelier()
    {
        await Run("output", Options(new LowBytes()) with { Steps = 60 });
        double[] rewards = [.. _bench.Metrics.Points.Where(point => point.Name == "reward").Select(point => point.Value)];
        rewards.Length.ShouldBe(60);
        rewards[0].ShouldBe(0.5, 0.15);
        rewards[^5..].Average().ShouldBeGreaterThan(0.85);
        _bench.Metrics["kl"].ShouldBeGreaterThan(0);
        _bench.Metrics["entropy"].ShouldBeLessThan(Math.Log(259));
    }

    [Fact]
    public async Task EqualRewardsAreCountedAndChangeNothing()
    {
        var checkpoint = await Run("output", Options(new Always()));
        Weights(checkpoint).ShouldBe(Weights(new Checkpoint(_bench.Folder("checkpoint-1"))));
        _bench.Metrics["frac_reward_zero_std"].ShouldBe(1);
    }

    [Fact]
    public async Task ARunThatWasBrokenOffEndsWithTheSameBytes()
    {
        var options = Options(new LowBytes()) with { UpdatesPerBatch = 2, KlCoefficient = 0.05 };
        var whole = await Run("whole", options);
        _bench.Checkpoints.InterruptAt = 3;
        await Should.ThrowAsync<OperationCanceledException>(() => Run("broken", options));
        _bench.Checkpoints.InterruptAt = null;
        var resumed = await Run("resumed", options);
        Weights(resumed).ShouldBe(Weights(whole));
        Weights(whole).ShouldNotBe(Weights(new Checkpoint(_bench.Folder("checkpoint-1"))));
    }

    [Fact]
    public async Task TruncatedAnswersAreCountedAndCanBeLeftOut()
    {
        var checkpoint = await Run("output", Options(new LowBytes()) with { MaskTruncated = true, MaximumTokens = 1, Steps = 1, PromptsPerStep = 1, RolloutsPerPrompt = 4 });
        _bench.Metrics["completions/clipped_ratio"].ShouldBe(1);
        _bench.Metrics["completions/mean_length"].ShouldBe(1);
        Weights(checkpoint).ShouldBe(Weights(new Checkpoint(_bench.Folder("checkpoint-1"))));
    }

    public void Dispose() => _bench.Dispose();

    private static GrpoOptions Options(IReward reward)
    {
        var (adamw, constant) = (new AdamWOptions { LearningRate = 3e-3 }, new ConstantOptions());
        return new()
        {
            Reward = GivenPlugins.Nested(reward),
            Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamWOptimizer(adamw), adamw),
            Schedule = GivenPlugins.Nested<ISchedule>(new ConstantSchedule(constant), constant),
            Steps = 6,
            PromptsPerStep = 4,
            RolloutsPerPrompt = 8,
            MaximumTokens = 3,
        };
    }

    private static byte[] Weights(Checkpoint checkpoint) => File.ReadAllBytes(Path.Combine(checkpoint.Folder, "model.safetensors"));

    private Task<Checkpoint> Run(string output, GrpoOptions options)
    {
        var folder = _bench.Folder("problems");
        Problems.Write(Path.Combine(folder, "problems.jsonl"), Enumerable.Range(0, 10).Select(i => new Problem($"{i}?", "")));
        if (!Directory.Exists(Path.Combine(_bench.Folder(""), "checkpoint-1")))
        {
            TinyModels.Checkpoint(_bench);
        }

        return new GrpoStage(options).RunAsync(new(new(_bench.Folder("checkpoint-1")), new(folder)), _bench.Context<GrpoStage>(output, plugins: TinyModels.Plugins), CancellationToken.None);
    }

    /// <summary>Rewards ASCII bytes, which are half of a random model's output.</summary>
    [Plugin("low-bytes")]
    private sealed class LowBytes : IReward
    {
        public double Score(Problem problem, string answer, bool stopped) => answer.Length == 0 ? 0 : answer.Count(char.IsAscii) / (double)answer.Length;
    }

    [Plugin("always")]
    private sealed class Always : IReward
    {
        public double Score(Problem problem, string answer, bool stopped) => 1;
    }
}
