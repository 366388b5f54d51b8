using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests;

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

    private int _runs;

    private Task<Tokenizer> Run(string[] texts, TrainBytePairOptions options, int threads = 2)
    {
        var folder = _bench.Folder($"documents-{++_runs}");
        MemoryFormat.Write(folder, texts);
        return new TrainBytePairStage(options).RunAsync(
            new([new Documents(folder)]), _bench.Context($"output-{_runs}", threads: threads, plugins: new MemoryFormat()), TestContext.Current.CancellationToken);
    }
}
