using Experiments.Learning.Tests.Shared;
using Experiments.Testing;

namespace Experiments.Learning.Tests;

public sealed class HeldOutTests : IDisposable
{
    private readonly StageBench _bench = new();

    [Fact]
    public void AnUntrainedModelNeedsTheBitsOfAUniformGuessOverItsVocabulary()
    {
        using var model = TrainedModel.Open(TinyModels.Checkpoint(_bench).Folder, TinyModels.Source);
        var shards = TinyModels.Shards(_bench, string.Concat(Enumerable.Repeat("the quick brown fox. ", 50)));
        HeldOut.BitsPerByte(model, shards, 1000).ShouldBe(Math.Log2(259), 0.15);
        HeldOut.Measure(model.Model, model.Tokenizer, shards, 100).Tokens.ShouldBe(100);
    }

    [Fact]
    public void ACheckpointComesBackAsItWasSaved()
    {
        var folder = TinyModels.Checkpoint(_bench, seed: 9).Folder;
        using var model = TrainedModel.Open(folder, TinyModels.Source);
        var copy = _bench.Folder("copy");
        model.Save(copy);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.ReadAllBytes(Path.Combine(copy, Path.GetFileName(file))).ShouldBe(File.ReadAllBytes(file), Path.GetFileName(file));
        }

        Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["config.json", "generation_config.json", "model.json", "model.safetensors", "tokenizer.json"]);
    }

    [Fact]
    public void ACheckpointWithoutWeightsIsRefusedByName()
    {
        var folder = TinyModels.Checkpoint(_bench).Folder;
        File.Delete(Path.Combine(folder, "model.safetensors"));
        Should.Throw<InvalidDataException>(() => TrainedModel.Open(folder, TinyModels.Source)).Message.ShouldContain("model.safetensors");
    }

    public void Dispose() => _bench.Dispose();
}
