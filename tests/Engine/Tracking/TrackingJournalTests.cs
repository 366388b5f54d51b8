using Experiments.Contracts.Running;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

public sealed class TrackingJournalTests : IDisposable
{
    private readonly TrackingBench _bench = new();

    [Fact]
    public void ATornLastLineIsCutOffAtReopening()
    {
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
            journal.LogMetrics("r", TrackingBench.Points("loss", 0, 1));
        }

        var whole = File.ReadAllText(_bench.JournalPath);
        File.AppendAllText(_bench.JournalPath, """{"kind":"metrics","run":"r","points":[{"na""");
        using (var journal = _bench.Open())
        {
            journal.LogMetrics("r", TrackingBench.Points("loss", 1, 1));
        }

        File.ReadAllText(_bench.JournalPath).ShouldBe(
            whole + """{"kind":"metrics","points":[{"name":"loss","value":0.125,"step":1,"time":1001}],"run":"r"}""" + "\n");
    }

    [Fact]
    public void AResumedRunJournalsNoStepTwice()
    {
        using (var journal = _bench.Open())
        {
            journal.LogMetrics("r", TrackingBench.Points("loss", 0, 10));
        }

        using (var journal = _bench.Open())
        {
            journal.LogMetrics("r", TrackingBench.Points("loss", 5, 10));
            journal.LogMetrics("r", TrackingBench.Points("loss", 5, 10));
            journal.LogMetrics("other", TrackingBench.Points("loss", 5, 1));
        }

        var lines = TrackingLines.Read(_bench.JournalPath, 0).Select(line => line.Entry).Cast<MetricsLogged>().ToList();
        lines.Where(line => line.Run == "r").SelectMany(line => line.Points).Select(point => point.Step).ShouldBe(Enumerable.Range(0, 15).Select(step => (long)step));
        lines.Count.ShouldBe(3);
    }

    [Fact]
    public void AResultWithoutStepIsJournaledAgainWhenItChanged()
    {
        using var journal = _bench.Open();
        foreach (var value in (double[])[1, 1, 2, double.NaN, double.NaN])
        {
            journal.LogMetrics("r", [new MetricPoint("score", value, null, DateTimeOffset.UnixEpoch)]);
        }

        TrackingLines.Read(_bench.JournalPath, 0).Select(line => ((MetricsLogged)line.Entry!).Points.Single().Value).ShouldBe([1, 2, double.NaN]);
    }

    [Fact]
    public void ManyThreadsWriteWholeLines()
    {
        using var journal = _bench.Open();
        Parallel.For(0, 200, i => journal.SetTags("r", new Dictionary<string, string> { [$"tag{i}"] = new string('x', i * 40) }));

        TrackingLines.Read(_bench.JournalPath, 0).Select(line => ((TagsSet)line.Entry!).Values.Single().Key).ToHashSet().Count.ShouldBe(200);
    }

    [Fact]
    public void AFolderIsJournaledFileByFile()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_bench.Folder, "run", "report", "plots")).Parent!.FullName;
        File.WriteAllText(Path.Combine(folder, "report.md"), "# Report");
        File.WriteAllText(Path.Combine(folder, "plots", "loss.svg"), "<svg/>");
        using var journal = _bench.Open();
        journal.LogArtifact("r", folder);

        TrackingLines.Read(_bench.JournalPath, 0).Select(line => line.Entry).ShouldBe(
        [
            new ArtifactLogged("r", "report/plots/loss.svg", "report/plots/loss.svg"),
            new ArtifactLogged("r", "report/report.md", "report/report.md"),
        ]);
    }

    public void Dispose() => _bench.Dispose();
}
