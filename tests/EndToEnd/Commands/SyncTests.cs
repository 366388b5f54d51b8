namespace Experiments.EndToEnd.Tests.Commands;

public sealed class SyncTests(FinishedRuns runs)
{
    private static readonly (string, string) Unreachable = ("MLFLOW_TRACKING_URI", "http://127.0.0.1:1");

    [Fact]
    public async Task NothingWaitsAfterARunThatCouldSend()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("sync");

        (exitCode, errors).ShouldBe((0, ""));
        var lines = output.TrimEnd().Split('\n');
        lines.Length.ShouldBe(3);
        lines.ShouldAllBe(line => line.Contains(": 0 lines ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhatAServerDidNotTakeIsSaidAndSentLater()
    {
        var cut = await runs.CopyAsync(Unreachable);
        (await cut.RunAsync("run", Lab.Tiny, "--until", "tokenizer", "--set", "vars.vocabulary=290")).ExitCode.ShouldBe(0, "an outage fails no run");

        var (exitCode, output, errors) = await cut.RunAsync("sync");

        (exitCode, output).ShouldBe((1, ""));
        errors.ShouldContain("http://127.0.0.1:1/");
        var (later, sent, _) = await new Lab(cut.Runs).RunAsync("sync");
        later.ShouldBe(0);
        sent.ShouldMatch(@"^\d{8}-\d{6}-[0-9a-f]{4}: [1-9]\d* lines ");
        (await new Lab(cut.Runs).RunAsync("sync")).Output.ShouldNotMatch(": [1-9]");
    }

    [Fact]
    public async Task AWordMoreIsAMistake()
    {
        var (exitCode, _, errors) = await new Lab(null).RunAsync("sync", "@1");

        exitCode.ShouldBe(2);
        errors.ShouldContain("'@1'");
    }
}
