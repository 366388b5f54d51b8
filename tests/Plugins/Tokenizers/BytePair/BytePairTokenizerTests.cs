using System.Text;
using Experiments.Contracts;

namespace Experiments.Plugins.Tokenizers.Tests.BytePair;

public sealed class BytePairTokenizerTests
{
    private static readonly BytePairTokenizer Tokenizer = new(TestVocabulary.Train("the cat sat on the mat, aaaa aaaaaaaa Été 12 日本語 日本", 340));

    [Fact]
    public void AnyBytesComeBack()
    {
        var random = new RandomStream(1, "bytes");
        for (var i = 0; i < 100_000; i++)
        {
            var piece = new byte[random.Next(0, random.Next(2) == 0 ? 16 : 200)];
            foreach (ref var value in piece.AsSpan())
            {
                value = (byte)(random.Next(2) == 0 ? random.Next(256) : 'a');
            }

Tokenizer.Encode(piece).SelectMany(id => Tokenizer.Bytes(id).ToArray()).SequenceEqual(piece).ShouldBeTrue();
        }
    }

    [Fact]
    public void AnyTextComesBack()
    {
        var random = new RandomStream(1, "text");
        for (var i = 0; i < 20_000; i++)
        {
            var text = RandomText.Any(ref random);
            var ids = Tokenizer.Encode(text);
            Tokenizer.Decode(ids).ShouldBe(text);
            ids.Sum(id => Tokenizer.Bytes(id).Length).ShouldBe(Encoding.UTF8.GetByteCount(text));
        }
    }

    [Fact]
    public void AMegabyteOfOneLetterIsNoTrap()
    {
        var text = new string('a', 1 << 20); // a scan of the piece for each merge would take hours
        Tokenizer.Decode(Tokenizer.Encode(text)).ShouldBe(text);
    }

    [Fact]
    public void ManyThreadsEncodeAsOne()
    {
        var random = new RandomStream(1, "threads");
        var texts = Enumerable.Range(0, 2_000).Select(_ => RandomText.Any(ref random)).ToArray();
        var expected = texts.Select(Tokenizer.Encode).ToArray();
        var shared = new BytePairTokenizer(Tokenizer.Vocabulary);
        Parallel.For(0, texts.Length * 4, i => shared.Encode(texts[i % texts.Length]).ShouldBe(expected[i % texts.Length]));
    }

    [Fact]
    public void TextNeverForgesASpecialToken()
    {
        var special = Tokenizer.SpecialTokens["<|im_end|>"];
        Tokenizer.Encode("<|im_end|>").ShouldNotContain(special);
        Tokenizer.Bytes(special).Length.ShouldBe(0);
        Tokenizer.Decode([special, .. Tokenizer.Encode("cat"), special]).ShouldBe("cat");
    }

    [Fact]
    public void BrokenUtf8DecodesToTheReplacementCharacter() => Tokenizer.Decode([0xE6, 'x']).ShouldBe("\uFFFDx");

    [Fact]
    public void OfEqualRanksTheLeftmostGoesFirst()
    {
        // As in a rank file, both ways to split a token have its rank.
        var tokens = Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value]).Append("aa"u8.ToArray()).Append("aaa"u8.ToArray()).ToArray();
        var tokenizer = new BytePairTokenizer(new()
        {
            Tokens = tokens,
            Merges = [new(new('a', 'a'), 256, 256), new(new('a', 256), 257, 257), new(new(256, 'a'), 257, 257)],
            AddedTokens = [],
            Splitter = new PublishedSplitter(SplitPattern.Gpt2),
        });
        tokenizer.Encode("aaaaa").ShouldBe([256, 257]);
    }
}
