namespace Experiments.EndToEnd.Tests.Commands;

public sealed class PlanTests(FinishedRuns runs)
{
    [Fact]
    public async Task TellsOfEachStageWhetherItWouldRunAndWhy()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("plan", Lab.Tiny, "--set", "stages.chat.with.steps=2");

        exitCode.ShouldBe(0);
        var rows = Printed.Rows(output);
        rows.Length.ShouldBe(12 + 1);
        rows[0][..2].ShouldBe(["world", "hit"]);
        rows.Single(row => row[0] == "base")[1].ShouldBe("hit");
        var chat = rows.Single(row => row[0] == "chat");
        (chat[1], chat[^1]).ShouldBe(("run", "with.steps: 3 -> 2"));
        chat[2].ShouldMatch(@"^about .*\d"); // as long as the last time
        rows[^1][0].ShouldStartWith("5 of 12 ");
    }

    [Fact]
    public async Task AsJsonEachStageIsALine()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("plan", Lab.Tiny, "--json");

        exitCode.ShouldBe(0);
        var stages = Printed.Json(output);
        stages.Count.ShouldBe(12);
        stages.Where(stage => (string)stage["state"]! == "run").Select(stage => (string)stage["stage"]!).ShouldBe(["filter-score", "rl", "base-exam", "chat-exam", "rl-exam", "report"]);
        File.Exists(Path.Combine((string)stages[0]["artifact"]!, "artifact.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task WritesAFlowchartForMarkdown()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("plan", Lab.Tiny, "--graph");

        exitCode.ShouldBe(0);
        output.ShouldStartWith("flowchart TD\n");
        output.ShouldContain(":::hit");
        output.ShouldContain(":::run");
    }

    [Fact]
    public async Task AValueThatTheRecipeDoesNotHaveIsAMistake()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("plan", Lab.Tiny, "--set", "stages.base.with.stesp=2");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("Did you mean 'steps'?");
    }
}
