namespace Experiments.EndToEnd.Tests.Commands;

public sealed class LsTests(FinishedRuns runs)
{
    [Fact]
    public async Task TheRunsAreListedTheNewestFirst()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("ls");

        exitCode.ShouldBe(0);
        var rows = Printed.Rows(output)[1..];
        rows.Select(row => (row[1], row[2], row[5])).ShouldBe([("tiny", "failed", "2/12"), ("tiny", "done", "5/12"), ("tiny", "done", "6/12")]);
        rows.Select(row => row[0]).ShouldBeInOrder(SortDirection.Descending);
        rows[1][6].ShouldStartWith("base: bits_per_byte 5.");
        rows[2][6].ShouldStartWith("chat: gradient_norm ");
    }

    [Fact]
    public async Task AsJsonEachRunIsALine()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("ls", "--json");

        exitCode.ShouldBe(0);
        var listed = Printed.Json(output);
        listed.Select(run => ((string?)run["status"], (int)run["stages_done"]!, (int)run["stages"]!)).ShouldBe([("failed", 2, 12), ("done", 5, 12), ("done", 6, 12)]);
        ((double)listed[1]["results"]!["learning_rate"]!).ShouldBe(1e-4, 1e-9); // a tenth of what was set, at the schedule's end
        ((string)listed[2]["call"]!).ShouldBe($"lab run {Lab.Tiny} --until chat");
        Directory.Exists((string)listed[2]["folder"]!).ShouldBeTrue();
    }

    [Fact]
    public async Task ARecipesNameLeavesOutTheOthers() =>
        Printed.Rows((await (await runs.ReadAsync()).RunAsync("ls", "tiny")).Output).Length.ShouldBe(1 + 3);

    [Fact]
    public async Task AFolderWithoutRunsIsNamed()
    {
        var folder = Path.Combine((await runs.ReadAsync()).Runs, "nothing-here");
        var (exitCode, output, _) = await new Lab(folder).RunAsync("ls");

        exitCode.ShouldBe(0);
        output.ShouldContain(folder);
        output.ShouldContain("./lab run recipes/quickstart.yaml");
    }

    [Fact]
    public async Task AnUnknownRecipeIsAMistake()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("ls", "tyni");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("'tyni'");
        errors.ShouldContain("tiny, ");
    }
}
