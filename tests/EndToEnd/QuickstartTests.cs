using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;

namespace Experiments.EndToEnd.Tests;

public sealed class QuickstartTests(UndisturbedRun undisturbed) : IClassFixture<UndisturbedRun>, IDisposable
{
    private static readonly string[] Smoke = ["run", Lab.Recipe("quickstart.yaml"), "--profile", "smoke"];
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-end-to-end-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheWholeRecipeRuns()
    {
        undisturbed.First.ExitCode.ShouldBe(0, undisturbed.First.Output + undisturbed.First.Errors);
        undisturbed.First.Output.ShouldContain("Report: ");
        undisturbed.Lab.Digests().Count.ShouldBeGreaterThanOrEqualTo(12);
    }

    [Fact]
    public async Task ASecondRunHasNothingToDo()
    {
        var (exitCode, output, _) = await undisturbed.Lab.RunAsync(Smoke);

        exitCode.ShouldBe(0);
        output.ShouldContain("Nothing to do: all 12 stages are up to date");
    }

    [Fact]
    public void TheRunIsTrackedInTheLayoutOfMlflow()
    {
        var experiments = Directory.GetDirectories(Path.Combine(undisturbed.Folder, "mlruns")).Where(folder => File.Exists(Path.Combine(folder, "meta.yaml"))).ToList();
        var runs = experiments.SelectMany(Directory.GetDirectories).Where(run => File.Exists(Path.Combine(run, "meta.yaml"))).ToList();
        runs.Count.ShouldBe(13); // the run and its twelve stages
        runs.Count(run => File.Exists(Path.Combine(run, "metrics", "bits_per_byte"))).ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task EveryRecordedMetricIsDeclared()
    {
        var (_, output, _) = await new Lab(null).RunAsync("plugins", "--json");
        var plugins = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        var declared = plugins.Where(plugin => (string?)plugin["kind"] == "stage").ToDictionary(
            plugin => (string)plugin["name"]!,
            plugin => Metrics(plugin).Where(metric => metric["declared_by"] is null)
                .Concat(Metrics(plugin).Select(metric => (string?)metric["declared_by"]).OfType<string>().SelectMany(kind => plugins.Where(other => (string?)other["kind"] == kind).SelectMany(Metrics)))
                .Select(metric => new MetricAttribute((string)metric["name"]!)).ToList());

        var recorded = Directory.GetFiles(Path.Combine(undisturbed.Folder, "artifacts"), "artifact.json", SearchOption.AllDirectories)
            .SelectMany(manifest => MetricLines.Read(Path.Combine(Path.GetDirectoryName(manifest)!, ArtifactLocation.MetricsFile))
                .Select(point => (Plugin: (string)JsonNode.Parse(File.ReadAllText(manifest))!["plugin"]!, point.Name))).Distinct().ToList();

        recorded.Count.ShouldBeGreaterThanOrEqualTo(90);
        recorded.Where(each => !declared[each.Plugin].Any(metric => metric.Covers(each.Name))).ShouldBeEmpty();
        recorded.Where(each => !Regex.IsMatch(each.Name, "^[a-z][a-z0-9_]*(/[^/]+)*$", RegexOptions.NonBacktracking)).ShouldBeEmpty();

        static IEnumerable<JsonNode> Metrics(JsonObject plugin) => plugin["metrics"]!.AsArray().OfType<JsonNode>();
    }

    [Theory]
    [InlineData("rl-exam", "stages.rl-exam.with.maximum_tokens=12", new[] { "rl-exam", "report" })]
    [InlineData("rl", "stages.rl.with.temperature=0.9", new[] { "rl", "rl-exam", "report" })]
    [InlineData("run settings", "stages.base.run.checkpoint.every=20s", new string[0])]
    public async Task AChangedOptionRerunsThatStageAndWhatDependsOnIt(string what, string set, string[] rerun)
    {
        var (_, output, _) = await undisturbed.Lab.RunAsync(["plan", .. Smoke[1..], "--set", set, "--json"]);

        var states = output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!).ToDictionary(stage => (string)stage["stage"]!, stage => (string)stage["state"]!);
        states.Where(stage => stage.Value == "run").Select(stage => stage.Key).Order().ShouldBe(rerun.Order(), what);
    }

    [Theory]
    [InlineData("clean", "process-documents", 1)]
    [InlineData("base", "pretrain", 30)]
    [InlineData("chat", "sft", 60)]
    [InlineData("rl", "grpo", 20)]
    public async Task AKilledStageEndsWithTheSameBytes(string stage, string plugin, int eventsBefore)
    {
        var lab = await WithoutAsync(plugin);
        var seen = 0;
        (await lab.SignalAsync(Lab.Kill, message => (string?)message["stage"] == stage && ++seen == eventsBefore, [.. Smoke, "--until", stage])).ShouldNotBeNull();

        var (exitCode, output, errors) = await lab.RunAsync([.. Smoke, "--until", stage]);

        exitCode.ShouldBe(0, output + errors);
        Lab.WithoutReports(lab.Digests()).ShouldBe(Lab.WithoutReports(undisturbed.Lab.Digests()));
    }

    [Fact]
    public async Task ACrawlFilteredBySeveralProcessesGivesTheSameBytesThoughTheyAreKilled()
    {
        var (crawls, one, several) = (Path.Combine(_folder, "crawls"), new Lab(Path.Combine(_folder, "one")), new Lab(Path.Combine(_folder, "several")));
        Directory.CreateDirectory(crawls);
        foreach (var seed in (string[])["1", "2", "3", "4"])
        {
            (await new Lab(Path.Combine(_folder, "worlds", seed)).RunAsync("run", Lab.Tiny, "--until", "world", "--set", $"seed={seed}")).ExitCode.ShouldBe(0);
            File.Copy(Directory.GetFiles(Path.Combine(_folder, "worlds", seed), "*.warc.gz", SearchOption.AllDirectories).Single(), Path.Combine(crawls, $"{seed}.warc.gz"));
        }

        string[] run = ["run", Lab.Recipe("crawl-to-model.yaml"), "--until", "clean", "--set", $"vars.crawl={crawls}/*.warc.gz"];
        string[] spread = [.. run, "--set", "stages.clean.run.parallel=3"];
        (await one.RunAsync(run)).ExitCode.ShouldBe(0);
        var killed = await several.SignalAsync(Lab.Kill, message => (string?)message["unit"] == "shards", spread);
        var (exitCode, output, errors) = await several.RunAsync(spread);

        killed.ShouldNotBeNull("no shard was done");
        exitCode.ShouldBe(0, output + errors);
        several.Digests().ShouldBe(one.Digests());
        several.Metrics().ShouldBe(one.Metrics());
    }

    [Fact]
    public async Task AnInterruptedRunSavesAndGoesOnFromThere()
    {
        var lab = await WithoutAsync("pretrain");
        var exitCode = await lab.SignalAsync(Lab.Terminate, message => (string?)message["stage"] == "base" && (string?)message["event"] == "metric", Smoke);
        exitCode.ShouldBe(75);

        var (_, plan, _) = await lab.RunAsync(["plan", .. Smoke[1..], "--json"]);

        plan.ShouldContain("\"state\":\"resume\"");
    }

    [Fact]
    public async Task ADamagedCrawlIsNamedCountedAndSkipped()
    {
        var crawl = Directory.GetFiles(undisturbed.Folder, "*.warc.gz", SearchOption.AllDirectories)[0];
        var bytes = await File.ReadAllBytesAsync(crawl, TestContext.Current.CancellationToken);
        bytes.AsSpan(bytes.Length / 3, 2000).Clear();
        await File.WriteAllBytesAsync(Path.Combine(_folder, "damaged.warc.gz"), bytes[..^100], TestContext.Current.CancellationToken);

        var (exitCode, output, _) = await new Lab(_folder).RunAsync(
            "run", Lab.Recipe("crawl-to-model.yaml"), "--set", $"vars.crawl={_folder}/*.warc.gz", "--until", "clean");

        exitCode.ShouldBe(0);
        output.ShouldContain("skipped (corrupt_gzip)");
        output.ShouldContain("skipped (truncated_gzip)");
        output.ShouldContain("damaged.warc.gz");
    }

    /// <summary>The finished store without what one plugin made, so that a run makes that stage anew and finds the others.</summary>
    private async Task<Lab> WithoutAsync(string plugin)
    {
        var runs = Path.Combine(_folder, "without");
        await Lab.CopyFolderAsync(undisturbed.Folder, runs);
        Directory.Delete(Directory.GetDirectories(Path.Combine(runs, "artifacts"), $"{plugin}-*").ShouldHaveSingleItem(), recursive: true);
        return new(runs);
    }
}

/// <summary>One uninterrupted run of the recipe in its smallest size.</summary>
public sealed class UndisturbedRun : IAsyncLifetime
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("lab-undisturbed-").FullName;

    internal Lab Lab => new(Folder);

    internal (int ExitCode, string Output, string Errors) First { get; private set; }

    public async ValueTask InitializeAsync() => First = await Lab.RunAsync("run", Lab.Recipe("quickstart.yaml"), "--profile", "smoke");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
