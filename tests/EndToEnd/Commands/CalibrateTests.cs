namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>The hidden command that <c>lab estimate</c> starts.</summary>
public sealed class CalibrateTests(FinishedRuns runs)
{
    [Fact]
    public async Task AnEstimateShowsWhatWasMeasured()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("estimate", Lab.Checkout("tests/EndToEnd/Recipes/tiny-base.yaml"));

        exitCode.ShouldBe(0, errors);
        errors.ShouldContain("'base'");
        var rows = Printed.Rows(output);
        rows.Single(row => row[0] == "machine")[1].ShouldMatch(@"16x300 \d+ GFLOP/s");
        rows.Single(row => row[0] == "time")[1].ShouldMatch(@"[\d,]+ tokens/s");
    }

    [Fact]
    public async Task ARequestThatIsNoneIsAMistake()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("calibrate", "{}");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("'architecture'");
        errors.ShouldNotContain("Unhandled exception");
    }
}
