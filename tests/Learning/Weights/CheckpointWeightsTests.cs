using Experiments.Learning.Weights;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Weights;

public sealed class CheckpointWeightsTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";
    private const string Second = "model-00002-of-00002.safetensors";
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-test-").FullName;

    [Fact]
    public void WhatFitsIsOneFileAndWhatDoesNotAreShardsWithAnIndex()
    {
        Write(largestFile: 64);
        Names().ShouldBe(["model.safetensors"]);
        Directory.Delete(_folder, recursive: true);
        Directory.CreateDirectory(_folder);
        Write(largestFile: 48);
        Names().ShouldBe(["model-00001-of-00002.safetensors", Second, Index]);
        File.ReadAllText(PathOf(Index)).ReplaceLineEndings("\n").ShouldBe(
            """
            {
              "metadata": {
                "total_size": 64
              },
              "weight_map": {
                "a": "model-00001-of-00002.safetensors",
                "b": "model-00001-of-00002.safetensors",
                "c": "model-00002-of-00002.safetensors"
              }
            }

            """.ReplaceLineEndings("\n"));
        Read();
    }

    [Fact]
    public void ATensorLargerThanAFileGetsOneOfItsOwn()
    {
        Write(largestFile: 8);
        Names().Count(name => name.EndsWith(".safetensors", StringComparison.Ordinal)).ShouldBe(3);
        Read();
    }

    [Fact]
    public void AMissingShardIsNamedWithATensorThatItHolds()
    {
        Write(largestFile: 48);
        File.Delete(PathOf(Second));
        Refusal().ShouldBe($"{PathOf(Second)} is missing: {Index} says that it contains tensor 'c'.");
    }

    [Fact]
    public void AnIndexThatContradictsItsShardsIsRefused()
    {
        Write(largestFile: 48);
        var index = File.ReadAllText(PathOf(Index));
        File.WriteAllText(PathOf(Index), index.Replace("\"c\"", "\"d\"", StringComparison.Ordinal));
        Refusal().ShouldBe($"{PathOf(Second)}: tensor 'd' is missing, though {Index} says that it is here.");
        File.WriteAllText(PathOf(Index), index.Replace("\"b\": \"model-00001-of-00002.safetensors\",", "", StringComparison.Ordinal));
        Refusal().ShouldBe($"{PathOf("model-00001-of-00002.safetensors")}: tensor 'b' is here, but {Index} does not say so.");
        File.WriteAllText(PathOf(Index), index.Replace("weight_map", "map", StringComparison.Ordinal));
        Refusal().ShouldContain(PathOf(Index));
        File.WriteAllText(PathOf(Index), index.Replace(Second, "../" + Second, StringComparison.Ordinal));
        Refusal().ShouldContain("is missing");
    }

    [Fact]
    public void OtherTensorsThanThoseWantedAreRefused()
    {
        Write(largestFile: 48);
        using var weights = CheckpointWeights.Open(_folder);
        Should.Throw<InvalidDataException>(() => weights.ReadInto([("a", zeros(2, 4)), ("b", zeros(4))])).Message.ShouldBe($"{PathOf(Index)}: tensor 'c' belongs to another model.");
        Should.Throw<InvalidDataException>(() => weights.ReadInto([("e", zeros(2))])).Message.ShouldBe($"{PathOf(Index)}: tensor 'e' is missing.");
        Should.Throw<InvalidDataException>(() => weights.ReadInto([("c", zeros(2, 2))])).Message.ShouldBe($"{PathOf(Second)}: tensor 'c' has shape [4], wanted [2, 2].");
    }

    [Fact]
    public void AFolderWithoutWeightsIsRefusedWithARemedy() => Refusal().ShouldContain("model.safetensors is missing");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Write(long largestFile) => CheckpointWeights.Write(_folder, [("a", arange(8).view(2, 4)), ("b", full(4, 2)), ("c", full(4, 3))], largestFile);

    private void Read()
    {
        var (a, b, c) = (zeros(2, 4), zeros(4), zeros(4));
        using var weights = CheckpointWeights.Open(_folder);
        weights.ReadInto([("c", c), ("a", a), ("b", b)]);
        a.data<float>().ToArray().ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
        b.data<float>().ToArray().ShouldBe([2, 2, 2, 2]);
        c.data<float>().ToArray().ShouldBe([3, 3, 3, 3]);
        weights.Shape("a").ShouldBe([2, 4]);
    }

    private string Refusal() => Should.Throw<InvalidDataException>(() => CheckpointWeights.Open(_folder).Dispose()).Message;

    private string PathOf(string name) => Path.Combine(_folder, name);

    private List<string> Names() => [.. Directory.GetFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
