using System.Text.Json.Nodes;
using Experiments.Engine.Workers;

namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>The real executable sweeps over the tiny recipe's tokenizer.</summary>
public sealed class SweepTests : IDisposable
{
    private static readonly string[] Sweep = ["sweep", Lab.Checkout("tests/EndToEnd/Recipes/tiny-sweep.yaml"), "--until", "tokenizer"];

    private readonly string _folder = Directory.CreateTempSubdirectory("lab-sweep-").FullName;

    [Fact]
    public async Task TrialsShareWhatTheyCanAndAFailedOneStopsNoOther()
    {
        var (exitCode, output, errors) = await new Lab(_folder).RunAsync([.. Sweep, "--json"]);

        exitCode.ShouldBe(ExitCodes.Failed, output + errors);
        var ends = Lines(output).Where(line => (string?)line["event"] == "trial_ended").ToList();
        ends.Select(end => (string?)end["status"]).ShouldBe(["done", "failed", "done"]);
        ((string?)ends[1]["message"])!.ShouldStartWith("stage 'tokenizer': ");
        ((int)Lines(output)[^1]["best_values"]!["vocabulary"]!).ShouldBe(300);
        Directory.GetDirectories(Path.Combine(_folder, "artifacts"), "generate-world-*").ShouldHaveSingleItem();
        Directory.GetDirectories(Path.Combine(_folder, "artifacts"), "process-documents-*").ShouldHaveSingleItem();
        Directory.GetDirectories(Path.Combine(_folder, "artifacts"), "train-bpe-*").Length.ShouldBe(2);
        ShouldBeNested(trials: 3);
    }

    [Fact]
    public async Task AKilledSweepGoesOnWithTheRunsThatItBroke()
    {
        var lab = new Lab(_folder);
        (await lab.SignalAsync(Lab.Kill, line => (string?)line["event"] == "trial_started" && (int)line["trial"]! == 3, Sweep)).ShouldBe(128 + Lab.Kill);
        var before = Sweeps();
        var (exitCode, output, errors) = await lab.RunAsync([.. Sweep, "--json"]);

        exitCode.ShouldBe(ExitCodes.Failed, output + errors);
        Sweeps().ShouldBe(before);
        Lines(output).Where(line => (string?)line["event"] == "trial_started").Select(line => (int)line["trial"]!).ShouldBe([3]);
        var (again, text, _) = await lab.RunAsync(Sweep);
        again.ShouldBe(ExitCodes.Failed);
        text.ShouldContain("1  300         1.47811");
        text.ShouldNotContain("starts");
    }

    [Fact]
    public async Task AnInterruptedSweepStopsItsTrialsAndGoesOnSideBySide()
    {
        var lab = new Lab(_folder);
        string[] parallel = [.. Sweep, "--parallel", "2"];
        (await lab.SignalAsync(Lab.Terminate, line => (string?)line["event"] == "trial_started" && (int)line["trial"]! == 2, parallel)).ShouldBe(ExitCodes.Interrupted);
        var broken = Runs();
        var (exitCode, output, errors) = await lab.RunAsync(parallel);

        exitCode.ShouldBe(ExitCodes.Failed, output + errors);
        Runs().Count.ShouldBe(3);
        broken.ShouldBeSubsetOf(Runs());
        ShouldBeNested(trials: 3);
    }

    [Fact]
    public async Task ThePlanListsTheTrialsAndRunsNone()
    {
        var (exitCode, output, _) = await new Lab(_folder).RunAsync([.. Sweep, "--plan", "--json"]);

        exitCode.ShouldBe(ExitCodes.Done);
        Lines(output).Select(line => ((int)line["trial"]!, (int)line["values"]!["vocabulary"]!, (string?)line["state"])).ShouldBe([(1, 280, "to run"), (2, 1000000, "to run"), (3, 300, "to run")]);
        Directory.Exists(Path.Combine(_folder, "tiny-sweep")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("has no 'sweep'", "sweep", "tests/EndToEnd/Recipes/tiny.yaml")]
    [InlineData("--parallel", "sweep", "tests/EndToEnd/Recipes/tiny-sweep.yaml", "--parallel", "0")]
    [InlineData("'tokenizer'", "sweep", "tests/EndToEnd/Recipes/tiny-sweep.yaml", "--until", "world")] // leaves out the objective's stage
    public async Task WhatCannotBeSweptIsAMistake(string named, params string[] arguments)
    {
        var (exitCode, _, errors) = await new Lab(_folder).RunAsync(arguments);

        exitCode.ShouldBe(ExitCodes.Wrong);
        errors.ShouldContain(named);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static IReadOnlyList<JsonObject> Lines(string output) => [.. output.Trim().Split('\n').Select(line => JsonNode.Parse(line)!.AsObject())];

    private IReadOnlyList<string> Runs() => [.. Directory.GetDirectories(Path.Combine(_folder, "tiny-sweep")).Select(path => Path.GetFileName(path)).Where(name => name != "sweeps").Order()];

    private IReadOnlyList<string> Sweeps() => [.. Directory.GetDirectories(Path.Combine(_folder, "tiny-sweep", "sweeps"))];

    /// <summary>In MLflow the sweep is the parent of its trials.</summary>
    private void ShouldBeNested(int trials)
    {
        var runs = Directory.GetDirectories(Path.Combine(_folder, "mlruns"), "tags", SearchOption.AllDirectories);
        var sweep = runs.Single(tags => Read(tags, "lab.run").StartsWith("sweep-", StringComparison.Ordinal));
        var nested = runs.Where(tags => Read(tags, "mlflow.parentRunId") == Path.GetFileName(Path.GetDirectoryName(sweep))).ToList();
        nested.Count.ShouldBe(trials);
        nested.ShouldAllBe(tags => File.Exists(Path.Combine(tags, "../params/vocabulary")));

        static string Read(string tags, string name) => Path.Combine(tags, name) is var file && File.Exists(file) ? File.ReadAllText(file) : "";
    }
}
