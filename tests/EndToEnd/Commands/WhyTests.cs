namespace Experiments.EndToEnd.Tests.Commands;

public sealed class WhyTests(FinishedRuns runs)
{
    [Fact]
    public async Task TellsWhatChangedAndAllThatGoesIntoTheKey()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("why", "base", Lab.Tiny);

        exitCode.ShouldBe(0);
        output.ShouldStartWith("base: hit, ");
        output.ShouldContain("\n  with.optimizer.learning_rate: 0.001 -> 0.002\n");
        var rows = Printed.Rows(output);
        rows.Single(row => row[0] == "key")[1].ShouldMatch("^[0-9a-f]{64}$");
        rows.Single(row => row[0] == "plugin")[1].ShouldStartWith("pretrain@");
        rows.Single(row => row[0] == "tokens")[2].ShouldBe("tokens, hit");
        rows.Single(row => row[0] == "with.optimizer.learning_rate")[1].ShouldBe("0.002");
    }

    [Fact]
    public async Task WithoutARecipeItIsThatOfTheNewestRun()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("why", "tokenizer");

        exitCode.ShouldBe(0);
        output.ShouldStartWith("tokenizer: run, ");
        output.ShouldMatch(@"with\.vocabulary_size +1000000\n");
    }

    [Fact]
    public async Task AsJsonACauseNamesItsWayToTheStage()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("why", "base", Lab.Tiny, "--set", "stages.clean.with.steps.2.min_score=0.5", "--json");

        exitCode.ShouldBe(0);
        var why = Printed.Json(output).ShouldHaveSingleItem();
        ((string?)why["stage"], (string?)why["state"], (string?)why["key"]).ShouldBe(("base", "run", null));
        var cause = why["causes"]!.AsArray().Single(each => (string?)each!["stage"] == "clean")!;
        ((string)cause["change"]!).ShouldBe("with.steps.2.min_score: 0.65 -> 0.5");
        cause["way"]!.AsArray().ShouldNotBeEmpty();
    }

    [Fact]
    public async Task AnUnknownStageIsAMistake()
    {
        var (exitCode, output, errors) = await (await runs.ReadAsync()).RunAsync("why", "bse", Lab.Tiny);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("Did you mean 'base'?");
    }
}
