namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>The hidden command that a run starts for each stage.</summary>
public sealed class WorkerTests(FinishedRuns runs)
{
    [Fact]
    public async Task AFolderThatHoldsNoAttemptIsAnEventForTheHost()
    {
        var folder = Path.Combine((await runs.ReadAsync()).Runs, "no-attempt");
        var (exitCode, output, _) = await new Lab(null).RunAsync("worker", folder);

        exitCode.ShouldBe(1);
        var failure = Printed.Json(output).ShouldHaveSingleItem();
        ((string?)failure["event"], (bool)failure["is_transient"]!).ShouldBe(("failed", false));
        ((string)failure["message"]!).ShouldContain(folder);
    }

    [Fact]
    public async Task NoFolderIsAMistake()
    {
        var (exitCode, _, errors) = await new Lab(null).RunAsync("worker");

        exitCode.ShouldBe(2);
        errors.ShouldContain("worker");
    }
}
