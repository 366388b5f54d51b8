namespace Experiments.EndToEnd.Tests.Commands;

public sealed class DiffTests(FinishedRuns runs)
{
    [Fact]
    public async Task ShowsWhatDiffersBesideEachOther()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("diff", "@3", "@2");

        exitCode.ShouldBe(0);
        var rows = Printed.Rows(output);
        rows[0].Length.ShouldBe(2, "the two runs' ids");
        rows.ShouldContain(row => row.SequenceEqual(new[] { "with.optimizer.learning_rate", "0.002", "0.001", "-0.001", "-50%" }));
        rows.Single(row => row[0] == "result bits_per_byte")[1].ShouldStartWith("5.");
        output.ShouldNotContain("with.model.width");
        rows[^1][0].ShouldMatch(@"^\d+ of \d+ ");
    }

    [Fact]
    public async Task AllShowsWhatIsTheSameToo()
    {
        var rows = Printed.Rows((await (await runs.ReadAsync()).RunAsync("diff", "@3", "@2", "--all")).Output);

        rows.ShouldContain(row => row.SequenceEqual(new[] { "with.model.width", "16", "16" }));
    }

    [Fact]
    public async Task AsJsonEachValueIsALine()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("diff", "@3", "@2", "--json");

        exitCode.ShouldBe(0);
        var rate = Printed.Json(output).Single(value => (string?)value["stage"] == "base" && (string)value["name"]! == "with.optimizer.learning_rate");
        ((double)rate["left"]!, (double)rate["right"]!, (bool)rate["same"]!, (double)rate["share"]!).ShouldBe((0.002, 0.001, false, -0.5));
    }

    [Fact]
    public async Task ARunDoesNotDifferFromItself()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("diff", "@2", "@2", "--json");

        (exitCode, output).ShouldBe((0, ""));
    }

    [Fact]
    public async Task ARunThatIsNotThereIsAMistake()
    {
        var (exitCode, _, errors) = await (await runs.ReadAsync()).RunAsync("diff", "@1", "@9");

        exitCode.ShouldBe(2);
        errors.ShouldContain("'@9'");
    }
}
