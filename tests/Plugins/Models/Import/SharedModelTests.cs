using Experiments.Contracts.Text;
using Experiments.Learning.Decoding;
using Experiments.Plugins.Models.Tests.Reference;
using Experiments.Testing;

namespace Experiments.Plugins.Models.Tests.Import;

/// <summary>Published models.</summary>
public sealed class SharedModelTests : IDisposable
{
    private const int BeginOfText = 1;
    private readonly ImportBench _bench = new();

    [Fact]
    public void ATinyLlamaInBfloat16HasTheLogitsOfAnEvaluationInFloat64()
    {
        Assert.SkipUnless(SharedData.Find("models/verl-tiny-llama") is not null, "no shared data");
        var folder = SharedData.Find("models/verl-tiny-llama")!;
        foreach (var name in new[] { "config.json", "model.safetensors" })
        {
            File.Copy(Path.Combine(folder, name), Path.Combine(_bench.Source, name));
        }

        using var imported = _bench.Import(tokenizer: NumberTokenizer.Save(_bench.Stage.Folder("tokenizer"), 16));
        int[] ids = [0, 5, 11, 3, 3, 15, 8, 2, 1, 9];
        var reference = new ReferenceLlama(PlainTensors.ReadSafetensors(Path.Combine(folder, "model.safetensors")), layers: 4, heads: 4, shared: 4, headWidth: 32, epsilon: 1e-6);
        ImportBench.ShouldAgree(ImportBench.Logits(imported.Model, ids), [.. ids.Select(reference.Next)], 1e-5);
    }

    [Fact]
    public void TheStoriesModelOfLlama2cTellsThePublishedStory()
    {
        Assert.SkipUnless(SharedData.Find("models/llama2c-stories260K") is not null, "no shared data");
        var path = SharedData.Find("models/llama2c-stories260K/stories260K.bin")!;
        using var imported = _bench.Import(path, NumberTokenizer.Save(_bench.Stage.Folder("tokenizer"), 512));
        var told = new Decoder(imported.Model).Complete([[BeginOfText]], new SamplingOptions { Temperature = 0, MaximumTokens = 256 }, BeginOfText, seed: 1)[0].Content.ToArray();

        var (tensors, header) = PlainTensors.ReadLlama2c(path);
        var reference = new ReferenceLlama(tensors, header[2], header[3], header[4], header[0] / header[3], 1e-5) { Pair = ReferenceLlama.Neighbours };
        List<int> truth = [];
        for (var token = BeginOfText; truth.Count < told.Length; truth.Add(token))
        {
            var logits = reference.Next(token);
            token = Array.IndexOf(logits, logits.Max());
        }

        told.ShouldBe(truth);
        string.Concat(told.Select(id => StoriesText.Pieces[id])).ShouldBe(" " + StoriesText.Greedy);
    }

    public void Dispose() => _bench.Dispose();
}
