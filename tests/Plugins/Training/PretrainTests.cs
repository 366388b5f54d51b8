using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Torch;
using Experiments.Learning.Tests;
using Experiments.Testing;

namespace Experiments.Plugins.Training.Tests;

public sealed class PretrainTests : IDisposable
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
        Weights(parts).Length.ShouldBe(Weights(whole).Length);
    }

    [Fact]
    public async Task ALossThatIsNotFiniteEndsTheRun()
    {
        var options = new AdamWOptions { LearningRate = 1e20 };
        var problem = await Should.ThrowAsync<InvalidDataException>(() => Run("output", Options with { Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamW(options), options) }));
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
                Optimizer = GivenPlugins.Nested<IOptimizer>(new AdamW(adamw), adamw),
                Schedule = GivenPlugins.Nested<ISchedule>(new CosineSchedule(cosine), cosine),
                Steps = 10,
                BatchSize = 8,
                EvaluateEvery = 60,
                ValidationTokens = 1000,
            };
        }
    }

    private static byte[] Weights(Checkpoint checkpoint) => File.ReadAllBytes(Path.Combine(checkpoint.Folder, "model.safetensors"));

    private Task<Checkpoint> Run(string output, PretrainOptions options, ulong seed = 1)
    {
        var shards = Directory.Exists(_bench.Folder("tokens")) && Directory.GetFiles(_bench.Folder("tokens")).Length > 0
            ? new TokenShards(_bench.Folder("tokens"))
            : TinyModels.Shards(_bench, Text);
        var tokenizer = new Tokenizer(ByteTokenizer.Save(_bench.Folder("tokenizer")));
        return new PretrainStage(options).RunAsync(new(shards, tokenizer), _bench.Context(output, seed, 2, TinyModels.Plugins), CancellationToken.None);
    }
}
