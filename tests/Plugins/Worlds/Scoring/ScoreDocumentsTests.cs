using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Worlds.Scoring;
using Experiments.Plugins.Worlds.Truth;
using Experiments.Testing;

namespace Experiments.Plugins.Worlds.Tests.Scoring;

public sealed class ScoreDocumentsTests : IDisposable
{
    private const string Text = "One two three four five six seven eight";
    private readonly StageBench _bench = new();

    [Fact]
    public async Task ACrawlOfKnownMistakesHasKnownFigures()
    {
        JsonLines.Write(Path.Combine(_bench.Folder("truth"), TruthRecord.FileName),
        [
            Page("right", Text),
            Page("menu", Text),
            Page("personal", "Mail a@b.example or a1@b.example from 45.1.2.3 or 10.0.0.1 now", ["a@b.example", "a1@b.example"], ["45.1.2.3"], ["10.0.0.1"]),
            Page("lost", "Lost by a step"),
            Page("unread", "Lost by the reader"),
            Page("casino", "Play", reason: Reasons.BlockedUrl),
            Page("copy", Text, reason: Reasons.ExactDuplicate),
            Page("copy2", Text, reason: Reasons.ExactDuplicate),
            Page("mojibake", "Grüße aus der Küche", reason: Reasons.NotEnglish),
        ]);

        await Run(
            kept: [Document("right", Text), Document("menu", $"Home News Sport Help {Text}"), Document("personal", "Mail email@example.com or a1@b.example from 22.214.171.124 or 10.0.0.1 now"),
                Document("copy", Text), Document("nowhere", Text)],
            dropped: [Drop("lost", "gopher-quality"), Drop("casino", "url-blocklist"), Drop("copy2", "minhash"), Drop("mojibake", "language", "GrÃ¼Ãe aus der KÃ¼che")]);

        var metrics = _bench.Metrics;
        metrics["pages"].ShouldBe(9);
        metrics["pages_kept"].ShouldBe(4);
        metrics["unknown_documents"].ShouldBe(1);
        metrics["keep_precision"].ShouldBe(3 / 4.0);
        metrics["keep_recall"].ShouldBe(3 / 5.0);
        metrics["wrongly_dropped"].ShouldBe(2);
        metrics["wrongly_dropped/gopher-quality"].ShouldBe(1);
        metrics["wrongly_dropped/unread"].ShouldBe(1);
        metrics["recall/blocked_url"].ShouldBe(1);
        metrics["recall/exact_duplicate"].ShouldBe(0.5);
        metrics["email_recall"].ShouldBe(0.5);
        metrics["email_leaks"].ShouldBe(1);
        metrics["public_ip_recall"].ShouldBe(1);
        metrics["private_ips_kept"].ShouldBe(1);
        metrics["charset_correct"].ShouldBe(0);
    }

    [Fact]
    public async Task ExtractionIsMeasuredByShinglesOfFourWords()
    {
        JsonLines.Write(Path.Combine(_bench.Folder("truth"), TruthRecord.FileName), [Page("right", Text), Page("menu", Text)]);

        await Run([Document("right", Text), Document("menu", $"Home News Sport Help {Text}")], []);

        // Five shingles are true. With the menu there are nine, four too many.
        _bench.Metrics["extraction_f1"].ShouldBe((1 + (2 * 5 / 14.0)) / 2, 1e-12);
        _bench.Metrics["boilerplate_share"].ShouldBe(4 / 9.0 / 2, 1e-12);
        _bench.Metrics.Points.ShouldAllBe(point => !double.IsNaN(point.Value));
    }

    [Fact]
    public async Task TheReportNamesFiguresAndMistakes()
    {
        JsonLines.Write(Path.Combine(_bench.Folder("truth"), TruthRecord.FileName), [Page("right", Text), Page("lost", "Lost by a step")]);

        var report = await Run([Document("right", Text)], [Drop("lost", "gopher-quality")]);

        var page = await File.ReadAllTextAsync(Path.Combine(report.Folder, "report.md"), TestContext.Current.CancellationToken);
        page.ShouldContain("| keep_recall | 0.5000 |");
        page.ShouldContain("- <https://x.example/lost> gopher-quality (too_short): Lost by a step");
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(report.Folder, "report.json"), TestContext.Current.CancellationToken));
        json.RootElement.GetProperty("figures").GetProperty("keep_recall").GetDouble().ShouldBe(0.5);
        json.RootElement.GetProperty("mistakes").GetProperty("wrongly_dropped").GetArrayLength().ShouldBe(1);
    }

    public void Dispose() => _bench.Dispose();

    private Task<Report> Run(Document[] kept, Document[] dropped)
    {
        JsonLines.Write(Path.Combine(_bench.Folder("kept"), "documents-00000.lines"), kept);
        JsonLines.Write(Path.Combine(_bench.Folder("dropped"), "documents-00000.lines"), dropped);
        return new ScoreDocumentsStage(new()).RunAsync(
            new(new(_bench.Folder("kept")), new(_bench.Folder("dropped")), new(_bench.Folder("truth"))), _bench.Context<ScoreDocumentsStage>(plugins: new LinesFormat()), CancellationToken.None);
    }

    private static Document Document(string page, string text) => new(page, text) { Url = Url(page) };

    private static Document Drop(string page, string step, string text = "") => Document(page, text).With("dropped_by", step).With("dropped_for", "too_short");

    private static TruthRecord Page(string page, string text, string[]? emails = null, string[]? publicIps = null, string[]? privateIps = null, string? reason = null) => new()
    {
        Url = Url(page), Kind = "test", MainText = text, Reason = reason, Emails = emails ?? [], PublicIps = publicIps ?? [], PrivateIps = privateIps ?? [],
    };

    private static string Url(string page) => $"https://x.example/{page}";

    private sealed class LinesFormat : IDocumentFormat
    {
        public IReadOnlyList<string> Extensions => [".lines"];

        public IEnumerable<Document> Read(string path, ISkipLog skips) => JsonLines.Read([path], line => new Document(line.Text("id"), line.Text("text"))
        {
            Url = line.OptionalText("url"),
            Metadata = line.GetProperty("metadata").EnumerateObject().ToDictionary(fact => fact.Name, fact => fact.Value),
        });
    }
}
