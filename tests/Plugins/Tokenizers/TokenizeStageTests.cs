using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests;

public sealed class TokenizeStageTests : IDisposable
{
    private readonly StageBench _bench = new();

    public TokenizeStageTests() => HuggingFaceTokenizerFormat.Write(_bench.Folder("tokenizer"), TestVocabulary.Train("the cat sat on the mat", 270));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task EveryDocumentStandsOnceBehindAnEndOfText()
    {
        string[] texts = [.. Enumerable.Range(0, 300).Select(i => $"the cat {i} sat")];
        var shards = await Run(texts, new() { ValidationShare = 0.1 });
        var (train, validation) = (Texts(shards, TokenShards.Train), Texts(shards, TokenShards.Validation));
        train.Concat(validation).ShouldBe(texts, ignoreOrder: true);
        train.ShouldBe(texts.Except(validation));
        validation.Count.ShouldBeInRange(10, 60);
        _bench.Metrics["documents"].ShouldBe(300);
        _bench.Metrics["tokens"].ShouldBe(_bench.Metrics["tokens/train"] + _bench.Metrics["tokens/validation"]);
        _bench.Metrics["bytes_per_token"].ShouldBe(texts.Sum(text => text.Length) / (_bench.Metrics["tokens"] - 300), 1e-9);
    }

    [Fact]
    public async Task TheFolderOpensAsATokenizer()
    {
        var shards = await Run(["the cat", "the mat"], new());
        new HuggingFaceTokenizerFormat().Open(shards.Folder).Encode("the cat").ShouldBe(new HuggingFaceTokenizerFormat().Open(_bench.Folder("tokenizer")).Encode("the cat"));
    }

    [Fact]
    public async Task TheSplitDoesNotDependOnTheOrder()
    {
        string[] texts = [.. Enumerable.Range(0, 100).Select(i => $"cat {i}")];
        var forward = Texts(await Run(texts, new() { ValidationShare = 0.2 }), TokenShards.Validation);
        var backward = Texts(await Run([.. texts.Reverse()], new() { ValidationShare = 0.2 }), TokenShards.Validation);
        backward.ShouldBe(Enumerable.Reverse(forward));
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1.0)]
    public async Task TwoDocumentsGiveBothPartsOne(double share)
    {
        var forward = await Run(["cat", "mat"], new() { ValidationShare = share });
        var backward = await Run(["mat", "cat"], new() { ValidationShare = share });
        Texts(forward, TokenShards.Train).ShouldHaveSingleItem().ShouldBe(Texts(backward, TokenShards.Train).ShouldHaveSingleItem());
        Texts(forward, TokenShards.Validation).ShouldHaveSingleItem().ShouldBe(Texts(backward, TokenShards.Validation).ShouldHaveSingleItem());
    }

    [Fact]
    public async Task ASingleDocumentIsTrainedOnAndSaidSo()
    {
        var shards = await Run(["cat"], new());
        Texts(shards, TokenShards.Train).ShouldBe(["cat"]);
        Should.Throw<InvalidDataException>(() => shards.Open(TokenShards.Validation));
        _bench.Log.Lines.ShouldContain(line => line.StartsWith("warning: There is only one document", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EmptyTextsAreCountedAndSkipped()
    {
        var shards = await Run(["", "cat", "", "mat"], new() { ValidationShare = 0 });
        Texts(shards, TokenShards.Train).ShouldBe(["cat", "mat"]);
        _bench.Metrics["skipped/empty_text"].ShouldBe(2);
        _bench.Metrics["documents"].ShouldBe(2);
    }

    [Fact]
    public async Task NoTextAtAllIsAnError() => (await Should.ThrowAsync<InvalidDataException>(() => Run([""], new()))).Message.ShouldContain("1 documents, all empty");

    [Fact]
    public async Task ShardsHoldWholeDocuments()
    {
        string[] texts = [.. Enumerable.Range(0, 50).Select(i => $"cat {i}")];
        var shards = await Run(texts, new() { ValidationShare = 0, TokensPerShard = 40 });
        var open = shards.Open(TokenShards.Train);
        open.Count.ShouldBeGreaterThan(5);
        open.ShouldAllBe(shard => shard.Count <= 40 && shard.DocumentStart(0) == 0);
        Texts(shards, TokenShards.Train).ShouldBe(texts);
    }

    [Fact]
    public async Task TheLastDocumentIsCutAtTheMaximum()
    {
        var shards = await Run([.. Enumerable.Range(0, 50).Select(i => $"xyz{i:D2}")], new() { ValidationShare = 0, MaximumTokens = 15 });
        Texts(shards, TokenShards.Train).ShouldBe(["xyz00", "xyz01", "xy"]);
        shards.Open(TokenShards.Train).Single().TextBytes.ShouldBe(12);
    }

    [Fact]
    public async Task ThreadsDoNotChangeABit()
    {
        var random = new RandomStream(1, "documents");
        var texts = Enumerable.Range(0, 500).Select(_ => RandomText.Any(ref random)).ToArray();
        var (one, four) = (await Run(texts, new(), threads: 1), await Run(texts, new(), threads: 4));
        one.Files.Select(Path.GetFileName).ShouldBe(four.Files.Select(Path.GetFileName));
        foreach (var (left, right) in one.Files.Zip(four.Files))
        {
            (await File.ReadAllBytesAsync(left, TestContext.Current.CancellationToken)).ShouldBe(await File.ReadAllBytesAsync(right, TestContext.Current.CancellationToken));
        }
    }

    private int _runs;

    private Task<TokenShards> Run(string[] texts, TokenizeOptions options, int threads = 2)
    {
        var folder = _bench.Folder($"documents-{++_runs}");
        MemoryFormat.Write(folder, texts);
        return new TokenizeStage(options).RunAsync(
            new([new Documents(folder)], new Tokenizer(_bench.Folder("tokenizer"))),
            _bench.Context<TokenizeStage>($"output-{_runs}", threads: threads, plugins: [new MemoryFormat(), new HuggingFaceTokenizerFormat()]),
            TestContext.Current.CancellationToken);
    }

    private List<string> Texts(TokenShards shards, string part)
    {
        var tokenizer = new HuggingFaceTokenizerFormat().Open(_bench.Folder("tokenizer"));
        var texts = new List<string>();
        foreach (var shard in shards.Open(part))
        {
            for (var i = 0L; i < shard.DocumentCount; i++)
            {
                var start = shard.DocumentStart(i);
                var tokens = new long[(i + 1 < shard.DocumentCount ? shard.DocumentStart(i + 1) : shard.Count) - start];
                shard.Read(start, tokens);
                tokens[0].ShouldBe(tokenizer.Special(Contracts.Text.Tokenizers.EndOfText));
                texts.Add(tokenizer.Decode([.. tokens.Select(token => (int)token)]));
            }

            shard.Dispose();
        }

        return texts;
    }
}
