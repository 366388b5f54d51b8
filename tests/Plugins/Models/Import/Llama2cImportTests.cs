using Experiments.Plugins.Models.Tests.Reference;

namespace Experiments.Plugins.Models.Tests.Import;

public sealed class Llama2cImportTests : IDisposable
{
    private static readonly int[] Header = [16, 24, 2, 4, 2, 40, 8]; // width, inner, layers, heads, shared heads, vocabulary, context
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2];
    private readonly ImportBench _bench = new();

    private string File => Path.Combine(_bench.Source, "model.bin");

    private string Tokenizer => NumberTokenizer.Save(_bench.Stage.Folder("tokenizer"), 40);

    [Fact]
    public void TheFormulasOfLlama2cGiveTheSameLogits()
    {
        Write(Header, shared: true);
        using var imported = _bench.Import(File, Tokenizer);
        var reference = new ReferenceLlama(PlainTensors.ReadLlama2c(File).Tensors, 2, 4, 2, 4, 1e-5) { Pair = ReferenceLlama.Neighbours };
        ImportBench.ShouldAgree(ImportBench.Logits(imported.Model, Ids), [.. Ids.Select(reference.Next)], 1e-5);
        imported.Model.HuggingFaceConfig()["architectures"]![0]!.GetValue<string>().ShouldBe("LlamaForCausalLM");
    }

    [Fact]
    public void ANegativeVocabularySaysThatTheHeadHasWeightsOfItsOwn()
    {
        Write([16, 24, 2, 4, 2, -40, 8], shared: false);
        using var imported = _bench.Import(File, Tokenizer);
        var bytes = System.IO.File.ReadAllBytes(File);
        imported.Model.NamedWeights().Single(weight => weight.Name == "lm_head.weight").Value[39, 15].item<float>().ShouldBe(BitConverter.ToSingle(bytes, bytes.Length - 4));
    }

    [Fact]
    public void ATokenizerOfAnotherSizeIsRefusedWithBothSizes()
    {
        Write(Header, shared: true);
        _bench.Refusal(File, NumberTokenizer.Save(_bench.Stage.Folder("tokenizer"), 39)).ShouldContain("the model has 40 tokens, but the tokenizer in");
        _bench.Refusal(File, NumberTokenizer.Save(_bench.Stage.Folder("tokenizer"), 41)).ShouldContain("the model has 40 tokens, its tokenizer 41");
        _bench.Refusal(File).ShouldContain("no supported tokenizer next to the weights");
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(4)]
    public void AFileOfAnotherLengthIsRefusedWithBothLengths(int more)
    {
        Write(Header, shared: true);
        var bytes = System.IO.File.ReadAllBytes(File);
        System.IO.File.WriteAllBytes(File, more < 0 ? bytes[..^4] : [.. bytes, 0, 0, 0, 0]);
        _bench.Refusal(File, Tokenizer).ShouldContain($"{bytes.Length + more} bytes, but a model of the sizes in its header takes {bytes.Length}");
    }

    [Theory]
    [InlineData(new[] { 0x616b3432, 1, 16, 24, 2, 4, 2 }, "version 1; only version 0 can be read")]
    [InlineData(new[] { 0x616b3432, 2, 16, 24, 2, 4, 2 }, "version 2; only version 0 can be read")]
    [InlineData(new[] { 16, 24, 2, 5, 2, 40, 8 }, "not sizes of a model")]
    [InlineData(new[] { 16, 24, 2, 4, 0, 40, 8 }, "not sizes of a model")]
    [InlineData(new[] { 16, -24, 2, 4, 2, 40, 8 }, "not a .bin file of llama2.c")]
    public void AnotherFileIsRefused(int[] header, string refusal)
    {
        System.IO.File.WriteAllBytes(File, [.. header.SelectMany(BitConverter.GetBytes)]);
        _bench.Refusal(File, Tokenizer).ShouldContain(refusal);
    }

    public void Dispose() => _bench.Dispose();

    private void Write(int[] header, bool shared)
    {
        var (width, inner, layers, vocabulary, context) = (header[0], header[1], header[2], Math.Abs(header[5]), header[6]);
        var headWidth = width / header[3];
        var numbers = (vocabulary * width) + (layers * ((2 * width) + (2 * width * width) + (2 * width * headWidth * header[4]) + (3 * width * inner))) + width + (context * headWidth) + (shared ? 0 : vocabulary * width);
        System.IO.File.WriteAllBytes(File, [.. header.SelectMany(BitConverter.GetBytes), .. Enumerable.Range(0, numbers).SelectMany(i => BitConverter.GetBytes((float)Math.Sin(1.7 * i * i)))]);
    }
}
