using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Formats;

public sealed class TiktokenTokenizerFormatTests : IDisposable
{
    private const string Companion = """{ "pat_str": "\\p{L}+|.", "special_tokens": { "<|e|>": 3 } }""";
    private readonly StageBench _bench = new();

    private string File => Path.Combine(_bench.Folder("ranks"), "own.tiktoken");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(SplitPattern.Digits)]
    [InlineData(SplitPattern.Gpt2)]
    [InlineData(SplitPattern.Gpt4)]
    [InlineData(SplitPattern.O200k)]
    public void ATrainedTokenizerThatIsWrittenOpensAsTheSame(SplitPattern split)
    {
        var trained = new BytePairTokenizer(TestVocabulary.Train("the cat's \"mat\" the cats and mats 日本語 <1234>\n\n été", 320, split));
        var format = new TiktokenTokenizerFormat();
        format.Write(trained, File);
        foreach (var source in new[] { File, _bench.Folder("ranks") })
        {
            format.CanOpen(source).ShouldBeTrue();
            var opened = format.Open(source);
            opened.SpecialTokens.ShouldBe(trained.SpecialTokens, ignoreOrder: true);
            var random = new RandomStream(1, "texts");
            for (var i = 0; i < 2_000; i++)
            {
                var text = RandomText.Any(ref random) + "the cat's mats"[random.Next(14)..] + RandomText.Basic(ref random);
                opened.Encode(text).ShouldBe(trained.Encode(text), text);
            }
        }
    }

    [Fact]
    public void WhatRanksCannotSayIsAnError()
    {
        var format = new TiktokenTokenizerFormat();
        Should.Throw<InvalidDataException>(() => format.Write(new BytePairTokenizer(TestVocabulary.Train("a1", 257, SplitPattern.Gpt2Digits)), File)).Message.ShouldContain("text is split in more than one step");
        var swapped = TestVocabulary.Train("abab abab cdcd cdcd", 262);
        var disordered = new BytePairTokenizer(swapped with { Merges = [.. swapped.Merges.Skip(1).Take(1), .. swapped.Merges.Take(1), .. swapped.Merges.Skip(2)] });
        Should.Throw<InvalidDataException>(() => format.Write(disordered, File)).Message.ShouldContain("a token's rank is its id");
    }

    [Theory]
    [InlineData("YQ== 0\nYg== 1\nYWI= 2\nYW", "own.tiktoken(4): expected a token in base64 and its rank, not 'YW'.")]
    [InlineData("YQ== 0\n!!== 1", "own.tiktoken(2): expected a token in base64 and its rank, not '!!== 1'.")]
    [InlineData("YQ== x", "own.tiktoken(1): the rank 'x' is not a whole number from 0 to 2097151.")]
    [InlineData("YQ== 9999999", "own.tiktoken(1): the rank '9999999' is not a whole number from 0 to 2097151.")]
    [InlineData("YQ== 0\n\nYQ== 1", "own.tiktoken(3): the token YQ== was already in line 1.")]
    [InlineData("YQ== 0\nYg== 0", "own.tiktoken(2): the rank 0 was already in line 1.")]
    [InlineData("YQ== 0\nYg== 1\nYw== 2\nZA== 3", "own.tiktoken: the special token <|e|> has the id 3, which is the rank of another token.")]
    [InlineData("YQ== 0\nYg== 2", "own.tiktoken: no token has the rank 1. Ranks must run from 0 without holes, except for special tokens.")]
    [InlineData("YQ== 0\nYg== 1\nYw== 2\nZA== 4\nZQ== 6", "own.tiktoken: no token has the rank 5. Ranks must run from 0 without holes, except for special tokens.")]
    [InlineData("", "own.tiktoken: the file contains no tokens.")]
    public void ADamagedRankFileIsAnErrorWithItsLine(string ranks, string problem)
    {
        Write(ranks);
        Should.Throw<InvalidDataException>(() => new TiktokenTokenizerFormat().Open(File)).Message.ShouldEndWith(problem);
    }

    [Fact]
    public void ASpecialTokenMayStandAmongTheRanks()
    {
        Write("YQ== 0\nYg== 1\nYw== 2\nPHxlfD4= 3");
        var tokenizer = new TiktokenTokenizerFormat().Open(File);
        tokenizer.Encode("ab<|e|>", SpecialTokenRules.AllowAll).ShouldBe([0, 1, 3]);
        tokenizer.Bytes(3).Length.ShouldBe(0);
    }

    [Theory]
    [InlineData("{", "own.tiktoken.json: ")]
    [InlineData("""{ "special_tokens": {} }""", "own.tiktoken.json: ")]
    [InlineData("""{ "pat_str": "a(" }""", "own.tiktoken.json: the expression a( cannot be used")]
    [InlineData("""{ "pat_str": "a", "special_tokens": { "x": "y" } }""", "own.tiktoken.json: ")]
    public void ADamagedCompanionIsAnErrorThatNamesIt(string companion, string problem)
    {
        Write("YQ== 0", companion);
        Should.Throw<InvalidDataException>(() => new TiktokenTokenizerFormat().Open(File)).Message.ShouldContain(problem);
    }

    [Fact]
    public void AnUnknownNameIsAnErrorThatSaysWhatToWrite()
    {
        System.IO.File.WriteAllText(File, "YQ== 0");
        Should.Throw<InvalidDataException>(() => new TiktokenTokenizerFormat().Open(File)).Message.ShouldContain("write own.tiktoken.json next to it: {\"pat_str\"");
    }

    [Fact]
    public void APublishedFileThatIsCutOffIsAnError()
    {
        var file = Path.Combine(_bench.Folder("ranks"), "gpt2.tiktoken");
        System.IO.File.WriteAllText(file, "YQ== 0\nYg== 1");
        Should.Throw<InvalidDataException>(() => new TiktokenTokenizerFormat().Open(file)).Message.ShouldContain("gpt2.tiktoken: the file has 2 tokens, but this encoding has 50256: the file is truncated");
    }

    [Fact]
    public void TwoRankFilesInAFolderAreAnError()
    {
        Write("YQ== 0");
        System.IO.File.WriteAllText(Path.Combine(_bench.Folder("ranks"), "other.tiktoken"), "YQ== 0");
        Should.Throw<InvalidDataException>(() => new TiktokenTokenizerFormat().Open(_bench.Folder("ranks"))).Message.ShouldContain("the folder has 2 rank files. Give the path");
    }

    private void Write(string ranks, string companion = Companion)
    {
        System.IO.File.WriteAllText(File, ranks);
        System.IO.File.WriteAllText(File + ".json", companion);
    }
}
