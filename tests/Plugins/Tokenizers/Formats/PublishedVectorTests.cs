using System.IO.Compression;
using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Formats;

public sealed class PublishedVectorTests
{
    private const int Strings = 99;
    private const int StringsWithoutSpecialTokens = 87;

    [Fact]
    public void Gpt2IsExact()
    {
        var tokenizer = new HuggingFaceTokenizerFormat().Open(Data("gpt2"));
        tokenizer.VocabularySize.ShouldBe(50257);
        tokenizer.SpecialTokens.ShouldHaveSingleItem().Value.ShouldBe(50256);
        Compare(tokenizer, line => line.GetProperty("ordinary").GetProperty("gpt2"));
    }

    [Fact]
    public void SmolLm2IsExact()
    {
        using var bench = new StageBench();
        var folder = bench.Folder("smollm2");
        using (var packed = new GZipStream(File.OpenRead(Data("smollm2/tokenizer.json.gz")), CompressionMode.Decompress))
        using (var file = File.Create(Path.Combine(folder, "tokenizer.json")))
        {
            packed.CopyTo(file);
        }

        var tokenizer = new HuggingFaceTokenizerFormat().Open(folder);
        tokenizer.VocabularySize.ShouldBe(49152);
        tokenizer.SpecialTokens[Contracts.Text.Tokenizers.MessageEnd].ShouldBe(2);
        Compare(tokenizer, line => line.TryGetProperty("smollm2", out var ids) && line.Text("category") != "special" ? ids : null, StringsWithoutSpecialTokens);
    }

    [Theory]
    [InlineData("cl100k_base", 100277)]
    [InlineData("o200k_base", 200019)]
    [InlineData("p50k_base", 50281)]
    public void RankFilesAreExact(string name, int vocabularySize)
    {
        using var bench = new StageBench();
        var tokenizer = OpenRanks(name, bench);
        tokenizer.VocabularySize.ShouldBe(vocabularySize);
        Compare(tokenizer, line => line.GetProperty("ordinary").GetProperty(name));
    }

    [Fact]
    public void TheTokensOfTheTalkAreThere()
    {
        using var bench = new StageBench();
        var tokenizer = OpenRanks("cl100k_base", bench);
        tokenizer.Encode("|Viewing Single Post").ShouldBe([91, 860, 287, 11579, 3962]);
        tokenizer.Encode("hello <|endoftext|>").ShouldNotContain(tokenizer.Special(Contracts.Text.Tokenizers.EndOfText));
        tokenizer.Decode([15339, 1917, 100257]).ShouldBe("hello world");
    }

    private static void Compare(ITokenizer tokenizer, Func<JsonElement, JsonElement?> expected, int strings = Strings)
    {
        var lines = JsonLines.Read([Data("vectors/encodings-sample.jsonl")], line => (Text: line.Text("text"), Ids: expected(line)?.EnumerateArray().Select(id => id.GetInt32()).ToArray()))
            .Where(line => line.Ids is not null).ToList();
        lines.Count.ShouldBe(strings);
        foreach (var (text, ids) in lines)
        {
            tokenizer.Encode(text).ShouldBe(ids!, text);
            tokenizer.Decode(ids).ShouldBe(text);
        }
    }

    private static ITokenizer OpenRanks(string name, StageBench bench)
    {
        var file = name + ".tiktoken";
        File.CreateSymbolicLink(Path.Combine(bench.Folder(name), file), Data("tiktoken/" + file));
        return new TiktokenTokenizerFormat().Open(bench.Folder(name));
    }

    private static string Data(string path)
    {
        var found = SharedData.Find("tokenizers/" + path);
        Assert.SkipWhen(found is null, "shared data absent");
        return found!;
    }
}
