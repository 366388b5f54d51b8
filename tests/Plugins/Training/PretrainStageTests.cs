using System.Runtime.InteropServices;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using Experiments.Learning.Processors;
using Experiments.Learning.Tests.Shared;
using Experiments.Testing;

namespace Experiments.Plugins.Training.Tests;

public sealed class PretrainStageTests : IDisposable
{
    private static readonly string Text = string.Concat(Enumerable.Repeat("the quick brown fox jumps over the lazy dog. ", 40));

    private readonly StageBench _bench = new();

    [Fact]
    public async Task ASmallTextIsLearnedByHeart()
    {
        await Run("output", Options with { Steps = 120 });
        double[] curve = [.. _bench.Metrics.Points.Where(point => point.Name == "bits_per_byte").Select(point => point.Value)];
        curve[0].ShouldBe(Math.Log2(259), 0.2, "measured before the first step too");
        _bench.Metrics["bits_per_byte"].ShouldBeLessThan(0.3);
        _bench.Metrics["loss"].ShouldBeLessThan(0.3);
        _bench.Log.Lines.Last().ShouldContain("step 120, sample: th");
    }

    [Fact]
    public async Task ARunThatWasBrokenOffEndsWithTheSameBytes()
    {
        var whole = await Run("whole", Options);
        _bench.Checkpoints.InterruptAt = 5;
        await Should.ThrowAsync<OperationCanceledException>(() => Run("broken", Options));
        _bench.Checkpoints.InterruptAt = null;
        var resumed = await Run("resumed", Options);
        Weights(resumed).ShouldBe(Weights(whole));
    }

    [Fact]
    public async Task AnotherSeedGivesAnotherModel() =>
        Weights(await Run("first", Options)).ShouldNotBe(Weights(await Run("second", Options, seed: 2)));

    [Fact]
    public async Task CuttingABatchIntoPartsChangesNothingButRounding()
    {
        var whole = await Run("whole", Options with { Steps = 3 });
        var loss = _bench.Metrics["loss"];
        var parts = await Run("parts", Options with { Steps = 3, Accumulation = 4 });
        _bench.Metrics["loss"].ShouldBe(loss, 1e-4);
        Distance(parts, whole).ShouldBeLessThan(0.1 * Distance(whole, await Run("longer", Options with { Steps = 4 })));
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Bf16)]
    public async Task WithEverythingOnABrokenOffRunStillEndsWithTheSameBytes(Precision precision)
    {
        var (muon, wsd) = (new MuonOptions(), new WsdOptions());
        var options = Options with
        {
            Optimizer = GivenPlugins.Nested<IOptimizer>(new MuonOptimizer(muon), muon),
            Schedule = GivenPlugins.Nested<ISchedule>(new WsdSchedule(wsd), wsd),
            Packing = Packing.BestFit,
            Precision = precision,
            Accumulation = 2,
            ActivationCheckpointing = true,
            VocabularyMultiple = 16,
        };
        var whole = await Run("whole", options);
        _bench.Metrics["loss"].ShouldBeLessThan(5.5, "it learns: ln 272 is 5.6");
        _bench.Checkpoints.InterruptAt = 5;
        await Should.ThrowAsync<OperationCanceledException>(() => Run("broken", options));
        _bench.Checkpoints.InterruptAt = null;
        Weights(await Run("resumed", options)).ShouldBe(Weights(whole));
        using var trained = TrainedModel.Open(whole.Folder, TinyModels.Source);
        (trained.Model.VocabularySize, trained.Model.TokenCount).ShouldBe((272, 259));
    }

    [Fact]
    public async Task SequencesLongerThanTheContextAreRefusedByBothNumbers()
    {
        var problem = await Should.ThrowAsync<InvalidDataException>(() => Run("output", Options with { SequenceLength = 65 }));
        problem.Message.ShouldContain("sequence_length is 65, but the model's context is 64 tokens");
    }

    [Fact]
    public async Task TokensOfAnotherTokenizerAreRefusedByBothSizes()
    {
        var shards = TinyModels.Shards(_bench, Text);
        var context = _bench.Context<PretrainStage>("output", 1, 2, [.. TinyModels.Plugins, new NumbersFormat()]);
        var tokenizer = new Tokenizer(_bench.Folder("numbers"));
        await File.WriteAllTextAsync(Path.Combine(tokenizer.Folder, NumbersFormat.File), "", TestContext.Current.CancellationToken);
        var problem = await Should.ThrowAsync<InvalidDataException>(() => new PretrainStage(Options).RunAsync(new(shards, tokenizer), context, CancellationToken.None));
        problem.Message.ShouldContain("259 tokens) other than the one given");
        problem.Message.ShouldContain("12 tokens)");
    }

    [Fact]
    public async Task ALossThatIsNotFiniteEndsTheRun()
    {
        var options = new AdamWOptions { LearningRate = 1e20 };
        var problem = await Should.ThrowAsync<InvalidDataException>(() => Run("output", Options with { Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamWOptimizer(options), options) }));
        problem.Message.ShouldContain("the loss is");
    }

    public void Dispose() => _bench.Dispose();

    private static PretrainOptions Options
    {
        get
        {
            var (adamw, cosine) = (new AdamWOptions { LearningRate = 5e-3 }, new CosineOptions());
            return new()
            {
                Model = TinyModels.Gpt,
                Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamWOptimizer(adamw), adamw),
                Schedule = GivenPlugins.Nested<ISchedule>(new CosineSchedule(cosine), cosine),
                Steps = 10,
                BatchSize = 8,
                EvaluateEvery = 60,
                ValidationTokens = 1000,
            };
        }
    }

    /// <summary>The root of the summed squares of two models' differences.</summary>
    private static double Distance(Checkpoint one, Checkpoint other)
    {
        var (left, right) = (Numbers(one), Numbers(other));
        return Math.Sqrt(left.Zip(right, (a, b) => ((double)a - b) * ((double)a - b)).Sum());

        static float[] Numbers(Checkpoint checkpoint)
        {
            var file = Weights(checkpoint);
            return MemoryMarshal.Cast<byte, float>(file.AsSpan(sizeof(ulong) + (int)BitConverter.ToUInt64(file))).ToArray(); // a length, as many bytes of JSON, float32
        }
    }

    private static byte[] Weights(Checkpoint checkpoint) => File.ReadAllBytes(Path.Combine(checkpoint.Folder, "model.safetensors"));

    private Task<Checkpoint> Run(string output, PretrainOptions options, ulong seed = 1)
    {
        var shards = Directory.Exists(_bench.Folder("tokens")) && Directory.GetFiles(_bench.Folder("tokens")).Length > 0
            ? new TokenShards(_bench.Folder("tokens"))
            : TinyModels.Shards(_bench, Text);
        var tokenizer = new Tokenizer(ByteTokenizer.Save(_bench.Folder("tokenizer")));
        return new PretrainStage(options).RunAsync(new(shards, tokenizer), _bench.Context<PretrainStage>(output, seed, 2, TinyModels.Plugins), CancellationToken.None);
    }
}
