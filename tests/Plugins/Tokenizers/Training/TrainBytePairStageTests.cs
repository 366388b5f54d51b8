using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Training;

public sealed class TrainBytePairStageTests : IDisposable
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 200).Select(i => $"the {i} cats sat on mat {i * 7919 % 1000}, cried <|im_end|> and ran")];
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task TheSpecialTokensFollowTheMerges()
    {
        var tokenizer = new HuggingFaceTokenizerFormat().Open((await Run(Texts, new() { VocabularySize = 280 })).Folder);
        tokenizer.VocabularySize.ShouldBe(280);
        tokenizer.SpecialTokens.OrderBy(token => token.Value).ShouldBe([new("<|endoftext|>", 277), new("<|im_start|>", 278), new("<|im_end|>", 279)]);
        tokenizer.Decode(tokenizer.Encode(Texts[7])).ShouldBe(Texts[7]);
        _bench.Metrics["merges"].ShouldBe(21);
        _bench.Metrics["bytes_per_token"].ShouldBe((double)Texts.Sum(text => text.Length) / Texts.Sum(text => tokenizer.Encode(text).Length), 1e-9);
        _bench.Metrics["unique_pieces"].ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task NeitherThreadsNorOrderChangeABit()
    {
        var one = await Run(Texts, new() { VocabularySize = 280 }, threads: 1);
        var four = await Run([.. Texts.Reverse()], new() { VocabularySize = 280 }, threads: 4);
        foreach (var (left, right) in one.Files.Zip(four.Files))
        {
            (await File.ReadAllTextAsync(left, TestContext.Current.CancellationToken)).ShouldBe(await File.ReadAllTextAsync(right, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task TooFewDocumentsAreAnErrorThatNamesTheLargestVocabulary()
    {
        var problem = await Should.ThrowAsync<InvalidDataException>(() => Run(["aaa"], new() { VocabularySize = 300 }));
        problem.Message.ShouldContain("set vocabulary_size to 261 or less");
        (await Run(["aaa"], new() { VocabularySize = 261 })).Files.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(257, "a|b")]
    [InlineData(300, "a|a")]
    [InlineData(300, "a|")]
    public async Task SpecialTokensMustFitAndDiffer(int vocabularySize, string special) =>
        (await Should.ThrowAsync<InvalidDataException>(() => Run(Texts, new() { VocabularySize = vocabularySize, SpecialTokens = special.Split('|') })))
            .Message.ShouldContain("special tokens");

    [Fact]
    public async Task ASpecialTokenThatIsAlsoTextIsAnError() =>
        (await Should.ThrowAsync<InvalidDataException>(() => Run(Texts, new() { VocabularySize = 280, SpecialTokens = ["a"] }))).Message.ShouldContain("'a' is a special token and a token of text");

    [Fact]
    public async Task AVocabularyOfBytesIsAByteAToken()
    {
        await Run(Texts, new() { VocabularySize = 256, SpecialTokens = [] });
        _bench.Metrics["merges"].ShouldBe(0);
        _bench.Metrics["bytes_per_token"].ShouldBe(1);
    }

    [Fact]
    public async Task ReadingStopsAtTheMaximum()
    {
        await Run(["aaaa", "bbbb", "cccc"], new() { VocabularySize = 259 + 3, MaximumCharacters = 5 });
        _bench.Log.Lines.ShouldContain("learning from 2 documents, 8 characters");
    }

    [Fact]
    public async Task TheChatTemplateIsChatMl()
    {
        var tokenizer = await Run(Texts, new() { VocabularySize = 280 });
        using var config = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(tokenizer.Folder, "tokenizer_config.json"), TestContext.Current.CancellationToken));
        config.RootElement.GetProperty("chat_template").GetString()!.ShouldContain("<|im_start|>");
        config.RootElement.GetProperty("eos_token").GetString().ShouldBe("<|endoftext|>");
    }

    [Fact]
    public async Task TheRarestPiecesAreLeftOutBeyondTheMaximum()
    {
        await Run(["aa aa aa aa", " bb bb", " cc"], new() { VocabularySize = 256 + 3, SpecialTokens = [], MaximumPieces = 2 });
        _bench.Metrics["unique_pieces"].ShouldBe(4);
        _bench.Metrics["left_out_share"].ShouldBe(5.0 / 20, 1e-9);
        _bench.Log.Lines.ShouldContain(line => line.StartsWith("warning: maximum_pieces 2 leaves out the rarest 2 of 4 unique pieces", StringComparison.Ordinal));
        await Run(["aa aa aa aa", " bb bb", " cc"], new() { VocabularySize = 256 + 3, SpecialTokens = [], MaximumPieces = 4 });
        _bench.Metrics["left_out_share"].ShouldBe(0);
    }

    /// <summary>
    /// Batches end after 16384 and 32768 of the 40000 documents, in the first and in the second file. Checkpoints of
    /// merges are written after every 64 merges.
    /// </summary>
    [Theory]
    [InlineData(null, 16_384L, 32_768L)]
    [InlineData(null, 16_384L, 40_000L)]
    [InlineData(null, 32_768L, 40_064L)]
    [InlineData(null, 40_064L, 40_128L)]
    [InlineData(null, 40_128L, 40_241L)]
    [InlineData(300_000L, 16_384L, 19645L)]
    public async Task AnInterruptedRunEndsWithTheSameBytes(long? maximum, long first, long second)
    {
        string[] texts = [.. Enumerable.Range(0, 40_000).Select(i => $"{Letters(i * 7919L % 100_003)}s {Letters(i)} cat")];
        Documents[] documents = [new(_bench.Folder("one")), new(_bench.Folder("two"))];
        MemoryFormat.Write(documents[0].Folder, texts[..20_000]);
        MemoryFormat.Write(documents[1].Folder, texts[20_000..]);
        var options = new TrainBytePairOptions { VocabularySize = 500, MaximumCharacters = maximum, MaximumPieces = 30_000, CountingMegabytes = 1 };

        var alone = await Train("alone");
        string[] metrics = ["unique_pieces", "left_out_share", "bytes_per_token", "merges"];
        var expected = metrics.Select(name => _bench.Metrics[name]).ToArray();
        _bench.Metrics["left_out_share"].ShouldBeGreaterThan(0);
        _bench.Log.Lines.ShouldContain(line => line.Contains("to files", StringComparison.Ordinal), "memory was too small");
        var interruptions = 0;
        foreach (var step in (long[])[first, second])
        {
            _bench.Checkpoints.InterruptAt = step;
            try
            {
                await Train($"interrupted at {step}");
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }
        }

        interruptions.ShouldBe(2);
        _bench.Checkpoints.InterruptAt = null;
        var resumed = await Train("resumed");
        resumed.Files.Select(Path.GetFileName).ShouldBe(alone.Files.Select(Path.GetFileName));
        foreach (var (left, right) in alone.Files.Zip(resumed.Files))
        {
            (await File.ReadAllTextAsync(right, TestContext.Current.CancellationToken)).ShouldBe(await File.ReadAllTextAsync(left, TestContext.Current.CancellationToken));
        }

        metrics.Select(name => _bench.Metrics[name]).ShouldBe(expected);

        static string Letters(long number) => string.Concat($"{number}".Select(digit => (char)(digit - '0' + 'a')));

        Task<Tokenizer> Train(string output) => new TrainBytePairStage(options).RunAsync(
            new(documents), _bench.Context<TrainBytePairStage>(output, plugins: new MemoryFormat()), TestContext.Current.CancellationToken);
    }

    private int _runs;

    private Task<Tokenizer> Run(string[] texts, TrainBytePairOptions options, int threads = 2)
    {
        var folder = _bench.Folder($"documents-{++_runs}");
        MemoryFormat.Write(folder, texts);
        return new TrainBytePairStage(options).RunAsync(
            new([new Documents(folder)]), _bench.Context<TrainBytePairStage>($"output-{_runs}", threads: threads, plugins: new MemoryFormat()), TestContext.Current.CancellationToken);
    }
}
