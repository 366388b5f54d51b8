using System.Text.Json.Nodes;

namespace Experiments.EndToEnd.Tests.Commands;

public sealed class ResumeTests(FinishedRuns runs)
{
    private static readonly string[] Interrupted = ["run", Lab.Tiny, "--until", "base", "--set", "stages.base.with.optimizer.learning_rate=5e-4"];

    [Fact]
    public async Task TheInterruptedRunEndsAsItWasAskedFor()
    {
        var lab = await InterruptAsync();
        var (exitCode, output, errors) = await lab.RunAsync("resume");

        exitCode.ShouldBe(0, output + errors);
        errors.ShouldContain(string.Join(' ', ["lab", .. Interrupted]).Replace(" --until base", "", StringComparison.Ordinal) + " --until base");
        var rows = Printed.Rows(output);
        rows.ShouldContain(row => row[0] == "base" && row[1].StartsWith("resume at step ", StringComparison.Ordinal));
        rows.ShouldContain(row => row[0] == "base" && row[1].StartsWith("done in ", StringComparison.Ordinal));
        var newest = Printed.Json((await lab.RunAsync("ls", "--json")).Output);
        newest.Select(run => (string?)run["status"]).ShouldBe(["done", "failed", "done", "done"]);
        rows[^1][0].ShouldStartWith($"Run {newest[0]["run"]} done ");
    }

    [Fact]
    public async Task AsJsonEachEventIsALine()
    {
        var lab = await InterruptAsync();
        var (exitCode, output, errors) = await lab.RunAsync("resume", "@1", "--json");

        exitCode.ShouldBe(0, output + errors);
        var events = Printed.Json(output);
        ((string?)events[0]["event"], (bool)events[0]["resumed"]!).ShouldBe(("run_started", true));
        ((int)events[^1]["exit_code"]!).ShouldBe(0);
    }

    [Fact]
    public async Task ACheckpointOfOtherCodeIsSaidAndTheManifestNamesBoth()
    {
        var lab = await InterruptAsync();
        var record = Directory.GetFiles(Path.Combine(lab.Runs, "artifacts", "tmp"), "code.json", SearchOption.AllDirectories).Single(path => path.Contains("/pretrain-", StringComparison.Ordinal));
        var code = JsonNode.Parse(await File.ReadAllTextAsync(record, TestContext.Current.CancellationToken))!.AsArray();
        var pretrain = code.Single(each => (string?)each!["plugin"] == "pretrain")!;
        pretrain["digest"] = "other";
        await File.WriteAllTextAsync(record, code.ToJsonString(), TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await lab.RunAsync("resume", "--json");

        exitCode.ShouldBe(0, output + errors);
        var events = Printed.Json(output);
        events.ShouldContain(each => (string?)each["event"] == "log" && (bool)each["is_warning"]! && ((string)each["text"]!).Contains("which different code of pretrain made; --fresh starts again without it"));
        var artifact = (string)events.Single(each => (string?)each["event"] == "stage_ended" && (string?)each["stage"] == "base")["artifact"]!;
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(artifact, "artifact.json"), TestContext.Current.CancellationToken))!;
        manifest["earlier_code"]!.AsArray().Select(each => (string?)each!["digest"]).ShouldBe(["other"]);
        manifest["code"]!.AsArray().ShouldAllBe(each => (string?)each!["digest"] != "other");
        (await lab.RunAsync("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task FreshStartsAnUnfinishedStageAgain()
    {
        var lab = await InterruptAsync();
        var (exitCode, output, errors) = await lab.RunAsync("resume", "--fresh", "--json");

        exitCode.ShouldBe(0, output + errors);
        var events = Printed.Json(output);
        events.ShouldNotContain(each => (string?)each["event"] == "resumed");
        ((string?)events.Single(each => (string?)each["event"] == "stage_started" && (string?)each["stage"] == "base")["reason"]).ShouldStartWith("--fresh: its checkpoint at step ");
    }

    [Theory]
    [InlineData("tyni")]
    [InlineData("@2")] // is done
    public async Task WhatCannotBeResumedIsAMistake(string run)
    {
        var lab = await runs.ReadAsync();
        var (exitCode, output, errors) = await lab.RunAsync("resume", run);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain(run == "@2" ? (string)Printed.Json((await lab.RunAsync("ls", "--json")).Output)[1]["run"]! : $"'{run}'");
    }

    private async Task<Lab> InterruptAsync()
    {
        var lab = await runs.CopyAsync();
        (await lab.SignalAsync(Lab.Terminate, message => (string?)message["stage"] == "base" && (string?)message["event"] == "metric", Interrupted)).ShouldBe(75);
        return lab;
    }
}
