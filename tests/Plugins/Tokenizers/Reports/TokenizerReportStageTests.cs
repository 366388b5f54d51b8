using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Reports;

public sealed class TokenizerReportStageTests : IDisposable
{
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task BytesPerTokenAndFertilityAreThoseOfTheTextByDomainAndLanguage()
    {
        await Run(new() { ["web"] = [("abab abab", "en"), ("", "en"), ("ab", "de")], ["code"] = [("ab ab", null)] });

        _bench.Metrics["documents"].ShouldBe(3);
        _bench.Metrics["skipped/empty_text"].ShouldBe(1);
        // The texts are ab ab _ ab ab | ab | ab _ ab, where _ is a token of its own, and | is the end of a text.
        _bench.Metrics["tokens"].ShouldBe(9);
        _bench.Metrics["text_bytes"].ShouldBe(16);
        _bench.Metrics["bytes_per_token"].ShouldBe(16.0 / 9, 1e-9);
        _bench.Metrics["bytes_per_token/domain/web"].ShouldBe(11.0 / 6, 1e-9);
        _bench.Metrics["bytes_per_token/domain/code"].ShouldBe(5.0 / 3, 1e-9);
        _bench.Metrics["bytes_per_token/language/de"].ShouldBe(2, 1e-9);
        _bench.Metrics["bytes_per_token/language/unknown"].ShouldBe(5.0 / 3, 1e-9);
        _bench.Metrics["fertility"].ShouldBe(9.0 / 5, 1e-9);
        _bench.Metrics["fertility/language/en"].ShouldBe(5.0 / 2, 1e-9);
    }

    [Fact]
    public async Task LanguagesThatNoDocumentTellsAreNoGroups()
    {
        await Run(new() { ["web"] = [("ab", null)] });
        _bench.Metrics.Points.ShouldNotContain(point => point.Name.Contains("language", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheRatioIsTheOwnBytesPerTokenOverTheOthers()
    {
        await Run(new() { ["web"] = [("abab", null)] }, new() { Baselines = ["bytes"] }, others: ["twin"]);
        _bench.Metrics["bytes_per_token_ratio/bytes"].ShouldBe(2, 1e-9);
        _bench.Metrics["bytes_per_token_ratio/bytes/domain/web"].ShouldBe(2, 1e-9);
        _bench.Metrics["bytes_per_token_ratio/twin"].ShouldBe(1, 1e-9);
    }

    [Fact]
    public async Task ATokenThatTheTextNeverHasIsUnusedAndALongOneGlitchProneWithWhatItIsWithin()
    {
        var report = await Run(new() { ["web"] = [("abab abcdefgh abcdefgh", null)] }, new() { Baselines = [], LongTokenBytes = 3, RareOccurrences = 0 }, "abcdefgh");
        var vocabulary = report.GetProperty("vocabulary");
        var unused = vocabulary.GetProperty("unused_tokens").EnumerateArray().Select(token => token.GetProperty("token").GetString()).ToList();
        unused.Count.ShouldBe((int)_bench.Metrics["unused_tokens"]);
        unused.ShouldNotContain("abcdefgh");
        unused.ShouldNotContain("ab");
        unused[0]!.Length.ShouldBe(unused.Max(token => token!.Length));
        var prone = vocabulary.GetProperty("glitch_prone_tokens");
        prone.GetArrayLength().ShouldBe((int)_bench.Metrics["glitch_prone_tokens"]);
        prone.GetArrayLength().ShouldBeGreaterThan(0);
        prone.EnumerateArray().ShouldAllBe(token => token.GetProperty("bytes").GetInt32() >= 3 && token.GetProperty("occurrences").GetInt64() == 0);
        prone[0].GetProperty("within").GetString().ShouldNotBeNull().ShouldContain(prone[0].GetProperty("token").GetString()!);
    }

    [Fact]
    public async Task ATokenWhoseOwnTextIsEncodedAsSomethingElseIsUnreachable()
    {
        var vocabulary = TestVocabulary.Train("abab abab", 258);
        var report = await Run(new() { ["web"] = [("abab", null)] }, new() { Baselines = [] }, vocabulary with { Tokens = [.. vocabulary.Tokens, "zz"u8.ToArray()] });
        report.GetProperty("vocabulary").GetProperty("unreachable_tokens").EnumerateArray().Select(token => token.GetProperty("token").GetString()).ShouldBe(["zz"]);
        _bench.Metrics["unreachable_tokens"].ShouldBe(1);
        _bench.Metrics["glitch_prone_tokens"].ShouldBe(1);
    }

    [Fact]
    public async Task PartsOfCharactersAreCountedAndNeverUnreachable()
    {
        await Run(new() { ["web"] = [("äab", null)] }, new() { Baselines = [] });
        _bench.Metrics["partial_character_token_share"].ShouldBe(2.0 / 3, 1e-9);
        _bench.Metrics["single_byte_token_share"].ShouldBe(2.0 / 3, 1e-9);
        _bench.Metrics["partial_character_tokens"].ShouldBe(128);
        _bench.Metrics["unreachable_tokens"].ShouldBe(0);
    }

    [Fact]
    public async Task ADomainIsReadUpToItsMaximum()
    {
        await Run(new() { ["web"] = [("abab", null), ("abab", null), ("abab", null)], ["code"] = [("ab", null)] }, new() { Baselines = [], MaximumBytesPerDomain = 5 });
        _bench.Metrics["documents"].ShouldBe(3);
    }

    [Fact]
    public async Task ThePageShowsTablesAndPlotsAndForeignTextAsItIs()
    {
        var folder = (await RunStage(new() { ["web|x"] = [("abab", "<b>")] }, new() { Baselines = ["bytes"] }, TestVocabulary.Train("<i>|<i>|<i>|", 262))).Folder;
        var page = await File.ReadAllTextAsync(Path.Combine(folder, "report.md"), TestContext.Current.CancellationToken);
        page.ShouldContain("| Text | Bytes | this tokenizer | bytes |");
        page.ShouldContain("| web\\|x | 4 | ");
        page.ShouldNotContain("<b>");
        page.ShouldNotContain("<i>");
        page.ShouldContain("&lt;i");
        foreach (var plot in new[] { "bytes-per-token.svg", "fertility.svg" })
        {
            page.ShouldContain($"(plots/{plot})");
            (await File.ReadAllTextAsync(Path.Combine(folder, "plots", plot), TestContext.Current.CancellationToken)).ShouldContain("this tokenizer");
        }
    }

    [Fact]
    public async Task TwoTokenizersOfOneNameAreAnError() =>
        (await Should.ThrowAsync<InvalidDataException>(() => Run(new() { ["web"] = [("ab", null)] }, new() { Baselines = ["bytes"] }, others: ["bytes"]))).Message.ShouldContain("'bytes'");

    [Fact]
    public async Task NoTextAtAllIsAnError() =>
        (await Should.ThrowAsync<InvalidDataException>(() => Run(new() { ["web"] = [("", null)] }))).Message.ShouldContain("1 documents, all empty");

    private Task<JsonElement> Run(Dictionary<string, (string Text, string? Language)[]> texts, TokenizerReportOptions? options = null, string learned = "ab", string[]? others = null) =>
        Run(texts, options ?? new() { Baselines = [] }, TestVocabulary.Train(string.Concat(Enumerable.Repeat(learned + "\n", 9)), learned.Length > 2 ? 300 : 257), others);

    private async Task<JsonElement> Run(Dictionary<string, (string Text, string? Language)[]> texts, TokenizerReportOptions options, BytePairVocabulary vocabulary, string[]? others = null)
    {
        var report = await RunStage(texts, options, vocabulary, others);
        return JsonSerializer.Deserialize<JsonElement>(await File.ReadAllBytesAsync(Path.Combine(report.Folder, "report.json"), TestContext.Current.CancellationToken));
    }

    private Task<Report> RunStage(Dictionary<string, (string Text, string? Language)[]> texts, TokenizerReportOptions options, BytePairVocabulary vocabulary, string[]? others = null)
    {
        HuggingFaceTokenizerFormat.Write(_bench.Folder("tokenizer"), vocabulary);
        var tokenizer = new Tokenizer(_bench.Folder("tokenizer"));
        var documents = texts.ToDictionary(domain => domain.Key, domain => new Documents(_bench.Folder(domain.Key)));
        foreach (var (domain, folder) in documents)
        {
            FactFormat.Write(folder.Folder, texts[domain]);
        }

        return new TokenizerReportStage(options).RunAsync(
            new(tokenizer, documents, others?.ToDictionary(name => name, _ => tokenizer)),
            _bench.Context<TokenizerReportStage>(plugins: [new FactFormat(), new BytesFormat(), new HuggingFaceTokenizerFormat()]),
            TestContext.Current.CancellationToken);
    }

    /// <summary>Reads documents from one JSON list of texts with their languages.</summary>
    private sealed class FactFormat : IDocumentFormat
    {
        public IReadOnlyList<string> Extensions => [".facts"];

        public static void Write(string folder, (string Text, string? Language)[] texts) =>
            File.WriteAllText(Path.Combine(folder, "texts.facts"), JsonSerializer.Serialize(texts.Select(text => new[] { text.Text, text.Language })));

        public IEnumerable<Document> Read(string path, ISkipLog skips) => JsonSerializer.Deserialize<string?[][]>(File.ReadAllText(path))!
            .Select((text, index) => text[1] is { } language ? new Document($"{index}", text[0]!).With("language", language) : new Document($"{index}", text[0]!));
    }

    /// <summary>A published tokenizer, <c>bytes</c>, with one token per byte.</summary>
    private sealed class BytesFormat : ITokenizerFormat
    {
        public string Opens => "bytes";

        public bool CanOpen(string source) => source == "bytes";

        public ITokenizer Open(string source, IPluginSource plugins) => new BytePairTokenizer(TestVocabulary.Train("", 256));
    }
}
