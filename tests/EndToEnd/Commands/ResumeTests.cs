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
