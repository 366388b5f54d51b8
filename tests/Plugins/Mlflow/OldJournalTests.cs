using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow.Tests;

/// <summary>A journal on disk outlives the build that wrote it.</summary>
public sealed class OldJournalTests : IDisposable
{
    /// <summary>What was written when tags still had MLflow's own names.</summary>
    private const string Old = """
        {"kind":"start","name":"sweep tiny","parent":null,"time":1700000000000,"tags":{},"sharing":"Guest","run":"sweep-1"}
        {"kind":"start","name":"tiny r1","parent":"sweep-1","time":1700000000000,"tags":{"mlflow.user":"ann","mlflow.source.name":"/w/tiny.yaml","mlflow.source.type":"LOCAL","lab.cores":"2","mlflow.source.git.commit":"c0ffee"},"sharing":"None","run":"r1"}
        {"kind":"start","name":"base","parent":"r1","time":1700000000001,"tags":{"mlflow.user":"ann","lab.plugin":"pretrain@1"},"sharing":"None","run":"r1/base"}
        {"kind":"params","values":{"layers":"4"},"run":"r1/base"}
        {"kind":"metrics","points":[{"name":"loss","value":3.25,"step":7,"time":1001},{"name":"score","value":"NaN","step":0,"time":1002}],"run":"r1/base"}
        {"kind":"input","name":"tokens","digest":"abc","source":"/data/tokens","run":"r1/base"}
        {"kind":"artifact","file":"report.md","path":"report/report.md","run":"r1/base"}
        {"kind":"tags","values":{"mlflow.note.content":"it failed"},"run":"r1/base"}
        {"kind":"end","status":"Failed","time":1700000000002,"run":"r1/base"}

        """;

    private readonly MlflowBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Fact]
    public async Task AnOldJournalArrivesAsItAlwaysDid()
    {
        Write(Old);

        (await _bench.SyncAsync(_bench.Rest(_server))).ShouldBe(9);

        var (run, stage) = (_server.Run("tiny r1"), _server.Run("base"));
        run.Tags.ShouldBe(
            new Dictionary<string, string>
            {
                ["mlflow.user"] = "ann",
                ["mlflow.source.name"] = "/w/tiny.yaml",
                ["mlflow.source.type"] = "LOCAL",
                ["lab.cores"] = "2",
                ["mlflow.source.git.commit"] = "c0ffee",
                ["lab.run"] = "r1",
                ["mlflow.runName"] = "tiny r1",
                ["mlflow.parentRunId"] = _server.Run("sweep tiny").Id,
            },
            ignoreOrder: true);
        (stage.Status, stage.EndTime, stage.StartTime).ShouldBe(("FAILED", 1700000000002, 1700000000001));
        stage.Tags.ShouldContainKeyAndValue("mlflow.note.content", "it failed");
        stage.Params.ShouldBe(new Dictionary<string, string> { ["layers"] = "4" });
        stage.Metrics.ShouldBe([new("loss", "3.25", 7, 1001), new("score", "NaN", 0, 1002)]);
        stage.Inputs.ShouldHaveSingleItem().ShouldContain("/data/tokens");
        _server.Artifacts.ShouldHaveSingleItem();
        _bench.Warnings.ShouldBeEmpty();
    }

    [Fact]
    public async Task ANoteOfTheOldNameIsReplacedByOneOfTheNew()
    {
        Write(Old);
        using (var journal = _bench.Open())
        {
            journal.SetTags("r1/base", new Dictionary<string, string> { ["mlflow.note.content"] = "it failed again" });
            journal.SetTags("r1/base", new Dictionary<string, string> { [RunTags.Note] = "and once more" });
        }

        await _bench.SyncAsync(_bench.Rest(_server));

        _server.Run("base").Tags["mlflow.note.content"].ShouldBe("and once more");
        _server.Run("base").Tags.ShouldNotContainKey(RunTags.Note);
    }

    [Fact]
    public void ALineIsWrittenAsItAlwaysWas()
    {
        var tags = new Dictionary<string, string> { ["lab.cores"] = "2" };
        using (var journal = _bench.Open())
        {
            journal.JoinRun("sweep-1", "sweep tiny");
            journal.StartRun("r1", "tiny r1", "sweep-1", tags);
            journal.StartSharedRun("sweep-2", "other", tags);
            journal.LogParams("r1", new Dictionary<string, string> { ["layers"] = "4" });
            journal.LogMetrics("r1", [new MetricPoint("score", double.NaN, null, DateTimeOffset.FromUnixTimeMilliseconds(1002))]);
            journal.LogInput("r1", "tokens", "abc", "/data/tokens");
            journal.SetTags("r1", tags);
            journal.EndRun("r1", EndStatus.Interrupted);
        }

        MlflowBench.Read(_bench.JournalPath).ShouldBe("""
            {"kind":"start","name":"sweep tiny","parent":null,"time":1700000000000,"tags":{},"sharing":"Guest","run":"sweep-1"}
            {"kind":"start","name":"tiny r1","parent":"sweep-1","time":1700000000000,"tags":{"lab.cores":"2"},"sharing":"None","run":"r1"}
            {"kind":"start","name":"other","parent":null,"time":1700000000000,"tags":{"lab.cores":"2"},"sharing":"Owner","run":"sweep-2"}
            {"kind":"params","values":{"layers":"4"},"run":"r1"}
            {"kind":"metrics","points":[{"name":"score","value":"NaN","step":0,"time":1002}],"run":"r1"}
            {"kind":"input","name":"tokens","digest":"abc","source":"/data/tokens","run":"r1"}
            {"kind":"tags","values":{"lab.cores":"2"},"run":"r1"}
            {"kind":"end","status":"Killed","time":1700000000000,"run":"r1"}

            """);
    }

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
        _server.Violations.ShouldBeEmpty();
    }

    private void Write(string journal)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_bench.JournalPath)!);
        File.WriteAllText(Path.Combine(Path.GetDirectoryName(_bench.JournalPath)!, "report.md"), "# Report");
        File.WriteAllText(_bench.JournalPath, journal);
    }
}
