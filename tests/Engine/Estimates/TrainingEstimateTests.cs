using Experiments.Contracts.Sizing;
using Experiments.Engine.Estimates;

namespace Experiments.Engine.Tests.Estimates;

public sealed class TrainingEstimateTests
{
    // Products of 10 x 20, twice, and a head of 10 x 100; 2 attention heads of width 5.
    private static readonly ModelSize Model = new()
    {
        VocabularySize = 100,
        Context = 8,
        Layers = 1,
        Width = 10,
        Groups = [new("embedding", 1000), new("attention", 400), new("norms", 20)],
        Products = [new(10, 20, 2), new(10, 100, 1)],
        AttentionHeads = 2,
        HeadWidth = 5,
        KeptPerToken = 50,
    };

    private static readonly TrainingSize Training = new() { Steps = 1000, TokensPerStep = 64, SequenceLength = 8, SequencesAtOnce = 4, OptimizerNumbers = 2, TokensRead = 5000 };

    private static readonly Calibration Machine = new() { Products = [new(10, 20, 1e6), new(10, 100, 2e6)], MemoryBytesPerSecond = 1e6 };

    [Fact]
    public void OperationsAreSixAWeightThatMultipliesAndTwelveForEachPositionAttendedTo()
    {
        var estimate = Estimate(Training);

        estimate.OperationsPerToken.ShouldBe((6 * 1400) + (12 * 2 * 5 * 8));
        estimate.Operations.ShouldBe(1000 * 64 * estimate.OperationsPerToken);
        estimate.TokensPerParameter!.Value.ShouldBe(64_000 / 1420.0, 1e-9);
    }

    [Fact]
    public void MemoryIsThatOfWeightsGradientsOptimizerAndOfWhatAPassKeeps()
    {
        var memory = Estimate(Training).Memory;

        (memory.Weights, memory.Gradients, memory.Optimizer, memory.Copies).ShouldBe((5680, 5680, 11_360, 0));
        memory.Activations.ShouldBe((32 * 4 * (50 + (2 * 8))) + (4 * 32 * 100) + (8 * 100 * 10));
        memory.Peak.ShouldBe(MemoryEstimate.Process + 5680 + 5680 + 11_360 + memory.Activations);
    }

    [Fact]
    public void HalfPrecisionHasCopiesAndSmallerActivationsAndAFrozenModelHasWeights()
    {
        var memory = Estimate(Training with { IsBfloat16 = true, FrozenModels = 1 }).Memory;

        (memory.Weights, memory.Gradients, memory.Copies).ShouldBe((11_360, 5680, 5680));
        memory.Activations.ShouldBe((32 * 2 * (50 + 16)) + (2 * 32 * 100) + (6 * 100 * 10));
    }

    [Fact]
    public void AGpuKeepsNoAttentionWeightsAndNoTimeIsKnownForIt()
    {
        var estimate = Estimate(Training with { Device = "cuda" }, Machine);

        estimate.Memory.Activations.ShouldBe(32 * ((4 * 50) + 1200));
        estimate.Time.ShouldBeNull();
    }

    [Fact]
    public void WhatWasMeasuredStandsBeforeWhatIsPutTogether()
    {
        var measured = Machine with { TrainedTokensPerSecond = 640, ReadTokensPerSecond = 1000, KeptBytesPerToken = 7 };
        var estimate = Estimate(Training, measured);

        // A step takes 0.1 s for its passes, and the optimizer reads and writes 36 bytes per parameter. Reading takes
        // another 5 s.
        estimate.Time!.Value.TotalSeconds.ShouldBe((1000 * (0.1 + (36 * 1420 / 1e6))) + 5, 1e-6);
        estimate.IsMeasured.ShouldBeTrue();
        estimate.Memory.Activations.ShouldBe(32 * 7);
    }

    [Fact]
    public void WithoutAMeasuredStepTheProductsGiveTheTime()
    {
        var estimate = Estimate(Training with { TokensRead = 0 }, Machine);

        var products = (6 * 400 / 1e6) + (6 * 1000 / 2e6);
        var token = products * estimate.OperationsPerToken / (6 * 1400) / 0.65;
        estimate.Time!.Value.TotalSeconds.ShouldBe(1000 * ((64 * token) + (36 * 1420 / 1e6)), 1e-6);
        estimate.IsMeasured.ShouldBeFalse();
    }

    [Fact]
    public void StepsThatAreNotKnownLeaveTheTimeOpenAndNotTheSpeed()
    {
        var estimate = Estimate(Training with { Steps = null, Missing = "the data" }, Machine);

        estimate.Time.ShouldBeNull();
        estimate.Operations.ShouldBeNull();
        estimate.TokensPerSecond!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void TheDiskHoldsTheKeptCheckpointsOneInTheMakingAndTheModel() =>
        Estimate(Training).DiskBytes.ShouldBe((3 * 3 * 5680) + 5680);

    [Fact]
    public void WhatIsAskedOfTheOtherProcessComesBackAsItWas()
    {
        var again = Calibration.Read((Machine with { TrainedTokensPerSecond = 5 }).Write());

        again.Products.ShouldBe(Machine.Products);
        (again.TrainedTokensPerSecond, again.SampledTokensPerSecond).ShouldBe((5, null));
    }

    private static TrainingEstimate Estimate(TrainingSize training, Calibration? calibration = null) => new(Model, training, calibration, CheckpointsKept: 2);
}
