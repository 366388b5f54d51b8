using System.Security.Cryptography;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Formats;

public sealed class PublishedTokenizerFormatTests : IDisposable
{
    private static readonly PublishedTokenizerFormat Format = new();
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>The hashes are those with which tiktoken checks its downloads.</summary>
    [Theory]
    [InlineData("r50k_base", 50257, "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930")]
    [InlineData("p50k_base", 50281, "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069")]
    [InlineData("cl100k_base", 100277, "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7")]
    [InlineData("o200k_base", 200019, "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d")]
    public void TheRankFileThatIsWrittenIsOpenAis(string name, int size, string hash)
    {
        var tokenizer = Format.Open(name);
        tokenizer.VocabularySize.ShouldBe(size);
        var file = Path.Combine(_bench.Folder("ranks"), name + ".tiktoken");
        new TiktokenTokenizerFormat().Write(tokenizer, file);
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))).ShouldBe(hash);
    }

    [Theory]
    [InlineData("|Viewing Single Post", "91 860 287 11579 3962")]
    [InlineData("hello123!!!? (안녕하세요!) 😉", "15339 4513 12340 30 320 31495 230 75265 243 92245 16715 57037")]
    [InlineData("hello <|endoftext|>", "15339 83739 8862 728 428 91 29")]
    [InlineData(" \u00850", "220 126 227 15")]
    [InlineData("rer", "38149")]
    [InlineData("'rer", "2351 81")]
    [InlineData("today\n ", "31213 198 220")]
    [InlineData("today\n \n", "31213 27907")]
    [InlineData("today\n  \n", "31213 14211")]
    [InlineData("👍", "9468 239 235")]
    [InlineData("HELLO", "51812 1623")]
    [InlineData(" strawberry", "73700")]
    [InlineData("", "")]
    public void Cl100kIsExact(string text, string ids) => string.Join(' ', Format.Open("cl100k_base").Encode(text)).ShouldBe(ids);

    [Fact]
    public void Gpt2IsExact() => Format.Open("gpt2").Encode("hello world").ShouldBe([31373, 995]);

    [Fact]
    public void AllBytesComeBack()
    {
        var bytes = Enumerable.Range(0, 1 << 16).SelectMany(pair => (byte[])[(byte)(pair >> 8), (byte)pair]).ToArray();
        foreach (var name in (string[])["gpt2", "p50k_base", "cl100k_base", "o200k_base"])
        {
            var tokenizer = Format.Open(name);
            tokenizer.Encode(bytes).SelectMany(id => tokenizer.Bytes(id).ToArray()).SequenceEqual(bytes).ShouldBeTrue(name);
        }
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void WrittenAsTokenizerJsonItGivesTheSameIds(string name)
    {
        var published = Format.Open(name);
        var format = new HuggingFaceTokenizerFormat();
        format.Write(published, _bench.Folder("t"));
        var opened = format.Open(_bench.Folder("t"));
        var random = new Contracts.RandomStream(1, "texts");
        for (var i = 0; i < 5_000; i++)
        {
            var text = i % 2 == 0 ? RandomText.Basic(ref random) : RandomText.Any(ref random) + "The quick brown fox jumped over 12345 lazy dogs"[..random.Next(40)];
            opened.Encode(text).ShouldBe(published.Encode(text), text);
        }

        opened.Encode("a<|endoftext|>", SpecialTokenRules.AllowAll).ShouldBe(published.Encode("a<|endoftext|>", SpecialTokenRules.AllowAll));
    }

    [Fact]
    public void TheMergesOfAWordAreTold()
    {
        var tokenizer = (ITracedTokenizer)Format.Open("cl100k_base");
        var piece = tokenizer.Trace("strawberry").ShouldHaveSingleItem();
        string Text(int id) => System.Text.Encoding.UTF8.GetString(tokenizer.Bytes(id));
        piece.Ids.Select(Text).ShouldBe(["str", "aw", "berry"]);
        var parts = piece.Parts.ToList();
        foreach (var merge in piece.Merges)
        {
            Text(merge.Token).ShouldBe(Text(parts[merge.Position]) + Text(parts[merge.Position + 1]));
            (parts[merge.Position], merge.Rank).ShouldBe((parts[merge.Position], merge.Token));
            parts[merge.Position] = merge.Token;
            parts.RemoveAt(merge.Position + 1);
        }

        parts.ShouldBe(piece.Ids);
    }
}
