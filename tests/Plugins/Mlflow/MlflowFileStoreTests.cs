using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowFileStoreTests : IDisposable
{
    private readonly MlflowBench _bench = new();

    [Fact]
    public async Task EveryFileOfARunIsAsMlflowWritesIt()
    {
        var report = _bench.Write("report.md", "# Report");
        using (var journal = _bench.Open())
        {
            journal.StartRun("r1", "it's a run", tags: new Dictionary<string, string> { [RunTags.User] = "ann" });
            journal.StartRun("r1/base", "base", "r1");
            journal.LogParams("r1/base", new Dictionary<string, string> { ["layers"] = "4", ["optimizer/use"] = "adamw", ["empty"] = "" });
            journal.LogMetrics("r1/base", MlflowBench.Points("loss", 0, 2));
            journal.LogMetrics("r1/base", [Point("dropped/too_short", double.NaN), Point("up", double.PositiveInfinity), Point("down", double.NegativeInfinity)]);
            journal.LogInput("r1/base", "web", "abc123", "/data/web");
            journal.LogArtifact("r1/base", report, "report/report.md");
            journal.EndRun("r1/base", EndStatus.Failed);
        }

        await _bench.SyncAsync(_bench.Files());

        _bench.Warnings.ShouldBeEmpty();
        var root = new Uri(_bench.StoreFolder).AbsoluteUri;
        Listing().ShouldBe(
            $"""
            0/meta.yaml
            | artifact_location: '{root}/0'
            | creation_time: 1700000000000
            | experiment_id: '0'
            | last_update_time: 1700000000000
            | lifecycle_stage: active
            | name: 'Default'
            EXP/BASE/artifacts/report/report.md
            | # Report
            EXP/BASE/inputs/INPUT/meta.yaml
            | destination_id: BASE
            | destination_type: RUN
            | source_id: DATASET
            | source_type: DATASET
            | tags: {"{}"}
            EXP/BASE/meta.yaml
            | artifact_uri: '{root}/EXP/BASE/artifacts'
            | end_time: 1700000000000
            | entry_point_name: ''
            | experiment_id: 'EXP'
            | lifecycle_stage: active
            | run_id: 'BASE'
            | run_name: 'base'
            | source_name: ''
            | source_type: 4
            | source_version: ''
            | start_time: 1700000000000
            | status: 4
            | tags: []
            | user_id: ''
            EXP/BASE/metrics/down
            | 5 -inf 7
            EXP/BASE/metrics/dropped/too_short
            | 5 nan 7
            EXP/BASE/metrics/loss
            | 1000 0 0
            | 1001 0.125 1
            EXP/BASE/metrics/up
            | 5 inf 7
            EXP/BASE/params/empty
            EXP/BASE/params/layers
            | 4
            EXP/BASE/params/optimizer/use
            | adamw
            EXP/BASE/tags/lab.run
            | r1/base
            EXP/BASE/tags/mlflow.parentRunId
            | RUN
            EXP/BASE/tags/mlflow.runName
            | base
            EXP/RUN/meta.yaml
            | artifact_uri: '{root}/EXP/RUN/artifacts'
            | end_time: null
            | entry_point_name: ''
            | experiment_id: 'EXP'
            | lifecycle_stage: active
            | run_id: 'RUN'
            | run_name: 'it''s a run'
            | source_name: ''
            | source_type: 4
            | source_version: ''
            | start_time: 1700000000000
            | status: 1
            | tags: []
            | user_id: 'ann'
            EXP/RUN/tags/lab.run
            | r1
            EXP/RUN/tags/mlflow.runName
            | it's a run
            EXP/RUN/tags/mlflow.user
            | ann
            EXP/datasets/DATASET/meta.yaml
            | digest: 'abc123'
            | name: 'web'
            | profile: null
            | schema: null
            | source: '{"{"}"uri": "/data/web"{"}"}'
            | source_type: local
            EXP/meta.yaml
            | artifact_location: '{root}/EXP'
            | creation_time: 1700000000000
            | experiment_id: 'EXP'
            | last_update_time: 1700000000000
            | lifecycle_stage: active
            | name: 'tiny'
            """);
        Directory.Exists(Path.Combine(_bench.StoreFolder, ".trash")).ShouldBeTrue();
        Text("metrics/loss").ShouldBe("1000 0 0\n1001 0.125 1\n");
        Text("params/layers").ShouldBe("4");
        Directory.EnumerateFiles(_bench.StoreFolder, ".*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task ANameThatIsAlsoAFolderGetsAnother()
    {
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
            journal.LogMetrics("r", [Point("a", 1), Point("a/b", 2), Point("c/d", 3), Point("c", 4)]);
        }

        await _bench.SyncAsync(_bench.Files());

        Text("metrics/a").ShouldBe("5 1 7\n");
        Text("metrics/a.b").ShouldBe("5 2 7\n");
        Text("metrics/c/d").ShouldBe("5 3 7\n");
        Text("metrics/c.value").ShouldBe("5 4 7\n");
    }

    [Fact]
    public async Task ALineThatAKilledProcessLeftUnfinishedIsWrittenAgainWhole()
    {
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        journal.LogMetrics("r", MlflowBench.Points("loss", 0, 2));
        await _bench.SyncAsync(_bench.Files());
        journal.LogMetrics("r", MlflowBench.Points("loss", 2, 2));
        _bench.Write(Find("metrics/loss"), Text("metrics/loss") + "1002 0.25 2\n1003 0.3");

        await _bench.SyncAsync(_bench.Files());

        Text("metrics/loss").ShouldBe("1000 0 0\n1001 0.125 1\n1002 0.25 2\n1003 0.375 3\n");
    }

    [Fact]
    public async Task AResumedRunIsRunningAgain()
    {
        using var journal = _bench.Open();
        journal.StartRun("r", "run");
        journal.EndRun("r", EndStatus.Interrupted);
        await _bench.SyncAsync(_bench.Files());
        journal.StartRun("r", "run");

        await _bench.SyncAsync(_bench.Files());

        var meta = Directory.GetFiles(_bench.StoreFolder, "meta.yaml", SearchOption.AllDirectories).Select(MlflowBench.Read)
            .Single(text => text.Contains("run_id", StringComparison.Ordinal));
        meta.ShouldContain("end_time: null\n");
        meta.ShouldContain("\nstatus: 1\n");
    }

    [Fact]
    public async Task AnExperimentThatMlflowMadeIsFoundByItsName()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_bench.StoreFolder, "123")).FullName;
        _bench.Write(Path.Combine(folder, "meta.yaml"), "artifact_location: mlflow-artifacts:/123\nexperiment_id: '123'\nlifecycle_stage: active\nname: tiny\n");
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
        }

        await _bench.SyncAsync(_bench.Files());

        Find("tags/lab.run").ShouldStartWith(folder);
    }

    [Fact]
    public async Task AParamKeepsItsFirstValueAndTheOtherIsSaid()
    {
        using (var journal = _bench.Open())
        {
            journal.StartRun("r", "run");
            journal.LogParams("r", new Dictionary<string, string> { ["rate"] = "1" });
        }

        await _bench.SyncAsync(_bench.Files());
        using (var journal = _bench.Open())
        {
            journal.LogParams("r", new Dictionary<string, string> { ["rate"] = "2" });
        }

        await _bench.SyncAsync(_bench.Files());

        Text("params/rate").ShouldBe("1");
        _bench.Warnings.ShouldHaveSingleItem().ShouldContain("cannot be changed to '2'");
    }

    public void Dispose() => _bench.Dispose();

    private static MetricPoint Point(string name, double value) => new(name, value, 7, DateTimeOffset.FromUnixTimeMilliseconds(5));

    private string Find(string ending) =>
        Directory.EnumerateFiles(_bench.StoreFolder, "*", SearchOption.AllDirectories).Single(path => path.EndsWith("/" + ending, StringComparison.Ordinal));

    private string Text(string ending) => MlflowBench.Read(Find(ending));

    // Each file with its lines. Names that are hashes are replaced with a description.
    private string Listing()
    {
        var paths = Directory.EnumerateFiles(_bench.StoreFolder, "*", SearchOption.AllDirectories).ToList();
        var dataset = Directory.GetParent(paths.Single(path => path.Contains("/datasets/", StringComparison.Ordinal)))!;
        var input = Directory.GetParent(paths.Single(path => path.Contains("/inputs/", StringComparison.Ordinal)))!;
        var run = Directory.GetParent(paths.Single(path => path.EndsWith("mlflow.user", StringComparison.Ordinal)))!.Parent!;
        string Plain(string text) => text.Replace(dataset.Name, "DATASET", StringComparison.Ordinal).Replace(input.Name, "INPUT", StringComparison.Ordinal)
            .Replace(input.Parent!.Parent!.Name, "BASE", StringComparison.Ordinal).Replace(run.Name, "RUN", StringComparison.Ordinal)
            .Replace(run.Parent!.Name, "EXP", StringComparison.Ordinal);
        return string.Join('\n', paths.Select(path => (Name: Plain(Path.GetRelativePath(_bench.StoreFolder, path)), Path: path)).OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => string.Concat(file.Name, string.Concat(File.ReadAllLines(file.Path).Select(line => "\n| " + Plain(line))))));
    }
}
