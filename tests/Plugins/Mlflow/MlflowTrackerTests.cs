using Experiments.Contracts.Tracking;
using Experiments.Engine.Diagnosis;
using Experiments.Engine.Plugins;

namespace Experiments.Plugins.Mlflow.Tests;

public sealed class MlflowTrackerTests : IDisposable
{
    private static readonly Dictionary<string, string> Tags = new()
    {
        [RunTags.User] = "ann",
        [RunTags.Source] = "/w/tiny.yaml",
        [RunTags.SourceType] = "LOCAL",
        [RunTags.Commit] = "c0ffee",
        [RunTags.Note] = "it failed",
        ["lab.host"] = "box",
    };

    private readonly MlflowBench _bench = new();
    private readonly FakeMlflow _server = new();

    [Fact]
    public void ItIsATrackerWithoutOptions()
    {
        var plugin = PluginCatalog.FromAssemblies(typeof(MlflowTracker).Assembly).Plugins.ShouldHaveSingleItem();

        (plugin.Kind, plugin.Name, plugin.Options.Count).ShouldBe(("tracker", "mlflow", 0));
        plugin.Summary.ShouldContain("MLFLOW_TRACKING_URI");
    }

    [Fact]
    public void WithoutAnAddressRunsAreKeptInTheFolderOfRuns()
    {
        using var store = new MlflowTracker().Open(new TrackingPlace(null, "tiny", _bench.Folder), TimeProvider.System, _bench.Warnings.Enqueue);

        store.ShouldBeOfType<MlflowFileStore>().Location.ShouldBe(_bench.StoreFolder);
        Directory.Exists(_bench.StoreFolder).ShouldBeFalse();
    }

    [Fact]
    public void TagsGetTheNamesThatMlflowsPagesRead() => MlflowTags.Of(new RunStart("r1/base", "base", default, Tags), "7").ShouldBe(
        new Dictionary<string, string>
        {
            ["mlflow.user"] = "ann",
            ["mlflow.source.name"] = "/w/tiny.yaml",
            ["mlflow.source.type"] = "LOCAL",
            ["mlflow.source.git.commit"] = "c0ffee",
            ["mlflow.note.content"] = "it failed",
            ["lab.host"] = "box",
            ["lab.run"] = "r1/base",
            ["mlflow.runName"] = "base",
            ["mlflow.parentRunId"] = "7",
        },
        ignoreOrder: true);

    [Fact]
    public async Task AServerThatAnswersIsFine() =>
        (await LookAsync(_bench.Rest(_server))).ShouldBe(Finding.Ok("tracking", $"{_server.Uri} answers"));

    [Theory]
    [InlineData(Fault.Unavailable, "does not answer", "start the server, or correct MLFLOW_TRACKING_URI; ")]
    [InlineData(Fault.StoreThenRefuse, "refuses", "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN; ")]
    public async Task AServerThatDoesNotIsAWarningWithItsRemedy(Fault fault, string text, string remedy)
    {
        _server.FaultOf = _ => fault;

        var finding = await LookAsync(_bench.Rest(_server));

        finding.State.ShouldBe(FindingState.Warning);
        finding.Text.ShouldContain(text);
        finding.Remedy.ShouldNotBeNull().ShouldStartWith(remedy);
        _server.Requests.ShouldBe(["experiments/search"]);
    }

    [Fact]
    public async Task AFileStoreIsFineBeforeItIsThere() =>
        (await LookAsync(_bench.Files())).Text.ShouldBe($"an MLflow file store, {_bench.StoreFolder}; `mlflow ui --backend-store-uri {_bench.StoreFolder}` opens it");

    public void Dispose()
    {
        _server.Dispose();
        _bench.Dispose();
    }

    private static async Task<Finding> LookAsync(ITrackingStore store) => (await new TrackingCheck(() => store).LookAsync(TestContext.Current.CancellationToken)).Single();
}
