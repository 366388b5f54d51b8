using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Filters.Tests;

public sealed class ProcessDocumentsStageTests : IDisposable
{
    private const int DocumentsPerFile = 700;
    private readonly StageBench _bench = new();

    [Fact]
    public async Task EveryDocumentIsKeptOrDroppedWithStepAndReason()
    {
        var result = await Run(Corpus(2), "output");
        var kept = Read(result.Documents);
        var dropped = Read(result.Dropped);
        (kept.Count + dropped.Count).ShouldBe(2 * DocumentsPerFile);
        kept.Select(document => document.Id).Concat(dropped.Select(document => document.Id)).Distinct().Count().ShouldBe(2 * DocumentsPerFile);
        kept.ShouldAllBe(document => document.Text.EndsWith('!'));
        dropped.ShouldAllBe(document => document.Fact("dropped_by") == "odd" ? document.Fact("dropped_for") == "is_odd" : document.Fact("dropped_for") == "seen");
        dropped.Select(document => document.Fact("dropped_by")).Distinct().ShouldBe(["odd", "once"], ignoreOrder: true);
    }

    [Fact]
    public async Task CountsAndReasonsBecomeMetrics()
    {
        var files = Corpus(2, isDamaged: true);
        await Run(files, "output");
        var metrics = _bench.Metrics;
        metrics["documents_read"].ShouldBe(1400);
        metrics["passed/odd"].ShouldBe(700);
        metrics["dropped/is_odd"].ShouldBe(700);
        metrics["passed/shout"].ShouldBe(700);
        metrics["passed/once"].ShouldBe(50);
        metrics["dropped/seen"].ShouldBe(650);
        metrics["documents_kept"].ShouldBe(50);
        metrics["kept_share"].ShouldBe(50 / 1400.0);
        metrics["skipped/malformed_record"].ShouldBe(1);
        metrics["characters_kept"].ShouldBeGreaterThan(100);
        metrics["seconds/shout"].ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task TheOutputIsTheSameWhateverTheThreads(int threads)
    {
        var files = Corpus(3);
        await Run(files, "reference", threads: 2);
        await Run(files, "other", threads: threads);
        Bytes("other").ShouldBe(Bytes("reference"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ARunBrokenOffAndResumedEndsWithTheSameBytes(int interruptAt)
    {
        var files = Corpus(3, isDamaged: true);
        await Run(files, "whole");
        _bench.Checkpoints.InterruptAt = interruptAt;
        await Should.ThrowAsync<OperationCanceledException>(() => Run(files, "first"));
        _bench.Checkpoints.InterruptAt = null;
        await Run(files, "second");
        Bytes("second").ShouldBe(Bytes("whole"));
        _bench.Metrics["documents_read"].ShouldBe(2100);
        _bench.Metrics["skipped/malformed_record"].ShouldBe(1);
        _bench.Metrics["passed/once"].ShouldBe(50);
    }

    [Fact]
    public async Task AShardEndsWithItsFileOrWhenItIsFull()
    {
        var result = await Run(Corpus(2), "output", documentsPerShard: 300);
        Names(result.Dropped).ShouldBe([.. Enumerable.Range(0, 6).Select(i => $"documents-{i:D5}.jsonl.zst")]);
        Names(result.Documents).ShouldBe(["documents-00000.jsonl.zst"]);
    }

    [Fact]
    public async Task AFailureNamesTheDocumentAndTheFilter()
    {
        var options = new ProcessDocumentsOptions { Steps = [GivenPlugins.Nested<IDocumentFilter>(new OddFilter()), GivenPlugins.Nested<IDocumentFilter>(new BrokenFilter())] };
        var failure = await Should.ThrowAsync<InvalidOperationException>(() => Run(Corpus(1), "output", options));
        failure.Message.ShouldBe("filter 'broken' failed on document 0-2 (http://site/0-2): no more");
    }

    [Fact]
    public async Task ASecondStepOfOnePluginHasItsOwnName()
    {
        var options = new ProcessDocumentsOptions { Steps = [GivenPlugins.Nested<IDocumentFilter>(new ShoutFilter()), GivenPlugins.Nested<IDocumentFilter>(new ShoutFilter())] };
        await Run(Corpus(1), "output", options);
        _bench.Metrics["passed/shout-2"].ShouldBe(DocumentsPerFile);
    }

    public void Dispose() => _bench.Dispose();

    private static ProcessDocumentsOptions Options(int documentsPerShard) => new()
    {
        Steps =
        [
            GivenPlugins.Nested<IDocumentFilter>(new OddFilter()), GivenPlugins.Nested<IDocumentFilter>(new ShoutFilter()),
            GivenPlugins.Nested<IDocumentFilter>(new OnceFilter()), GivenPlugins.Nested<IDocumentFilter>(new ShoutFilter()),
        ],
        DocumentsPerShard = documentsPerShard,
    };

    private Task<ProcessedDocuments> Run(IReadOnlyList<string> files, string output, ProcessDocumentsOptions? options = null, int threads = 2, int documentsPerShard = 10_000)
    {
        var documents = new Documents(new ArtifactLocation(_bench.Folder("input"), files));
        return new ProcessDocumentsStage(options ?? Options(documentsPerShard))
            .RunAsync(new([documents]), _bench.Context<ProcessDocumentsStage>(output, threads: threads, plugins: new MemoryFormat()), CancellationToken.None);
    }

    /// <summary>Files of consecutively numbered documents, some of whose texts are repeated.</summary>
    private List<string> Corpus(int files, bool isDamaged = false)
    {
        var paths = new List<string>();
        for (var file = 0; file < files; file++)
        {
            paths.Add(Path.Combine(_bench.Folder("input"), $"in-{file}.jsonl.zst"));
            using var writer = new MemoryFormat().Create(paths[^1]);
            for (var i = 0; i < DocumentsPerFile; i++)
            {
                writer.Write(new Document($"{file}-{i}", $"text {i % 100}") { Url = $"http://site/{file}-{i}" });
            }
        }

        if (isDamaged)
        {
            File.AppendAllText(paths[0], "damaged\n");
        }

        return paths;
    }

    private static List<Document> Read(Documents documents) => [.. documents.Files.SelectMany(file => new MemoryFormat().Read(file, null!))];

    private static IEnumerable<string> Names(Documents documents) => documents.Files.Select(file => Path.GetFileName(file)!);

    private string Bytes(string output)
    {
        var folder = _bench.Folder(output);
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        return string.Concat(files.Select(file => Path.GetRelativePath(folder, file) + "\n" + File.ReadAllText(file)));
    }

    [Plugin("odd")]
    private sealed class OddFilter : IDocumentFilter
    {
        public Verdict Apply(Document document) => int.Parse(document.Text.AsSpan(5)) % 2 == 1 ? Verdict.Drop("is_odd") : Verdict.Keep(document);
    }

    [Plugin("shout")]
    private sealed class ShoutFilter : IDocumentFilter
    {
        public Verdict Apply(Document document) => Verdict.Keep(document with { Text = document.Text + "!" });
    }

    [Plugin("broken")]
    private sealed class BrokenFilter : IDocumentFilter
    {
        public Verdict Apply(Document document) => document.Id == "0-0" ? Verdict.Keep(document) : throw new FormatException("no more");
    }

    [Plugin("once")]
    private sealed class OnceFilter : IOrderedDocumentFilter
    {
        private readonly HashSet<string> _seen = [];

        public Verdict Apply(Document document) => _seen.Add(document.Text) ? Verdict.Keep(document) : Verdict.Drop("seen");

        public void Save(Stream stream) => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', _seen)));

        public void Load(Stream stream) => _seen.UnionWith(new StreamReader(stream).ReadToEnd().Split('\n'));
    }
}
