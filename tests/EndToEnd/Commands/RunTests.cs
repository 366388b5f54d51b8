namespace Experiments.EndToEnd.Tests.Commands;

public sealed class RunTests(FinishedRuns runs)
{
    [Fact]
    public async Task TellsOfEachStageWhatItDidAndWhatCameOut()
    {
        var (exitCode, output, errors) = (await runs.PrintedAsync()).Chat;

        (exitCode, errors).ShouldBe((0, ""));
        var rows = Printed.Rows(output);
        rows[0][0].ShouldMatch(@"^tiny: .*\d{8}-\d{6}-[0-9a-f]{4} .*12 stages");
        rows.Single(row => row[0] == "base" && row[1].StartsWith("done", StringComparison.Ordinal))[1].ShouldMatch(@"^done in .*: bits_per_byte 5\.\d+, ");
        rows.ShouldContain(row => row[0] == "rl" && row[1].StartsWith("skipped: ", StringComparison.Ordinal));
        rows[^1][0].ShouldMatch(@"^Run \d{8}-\d{6}-[0-9a-f]{4} done .*: 6 .*0 ");
    }

    [Fact]
    public async Task AFailedStageIsSaidWithItsReasonAndWhatDependsOnItIsSkipped()
    {
        var (exitCode, output, _) = (await runs.PrintedAsync()).Failed;

        exitCode.ShouldBe(1);
        var rows = Printed.Rows(output);
        rows.ShouldContain(row => row.SequenceEqual(new[] { "tokenizer", "FAILED" }));
        output.ShouldContain("vocabulary_size 1000000");
        rows.Single(row => row[0] == "tokens")[1].ShouldBe("skipped: 'tokenizer' has no artifact");
        rows[^1][0].ShouldMatch("^Run .* failed .*log.txt$");
    }

    [Fact]
    public async Task AsJsonEachEventIsALine()
    {
        var (exitCode, output, errors) = await (await runs.CopyAsync()).RunAsync("run", Lab.Tiny, "--until", "chat", "--set", "stages.chat.with.steps=2", "--json");

        exitCode.ShouldBe(0, errors);
        var events = Printed.Json(output);
        ((string?)events[0]["event"], (string?)events[0]["recipe"]).ShouldBe(("run_started", "tiny"));
        events.Where(each => (string?)each["event"] == "stage_ended" && (string?)each["outcome"] == "made").Select(each => (string?)each["stage"]).ShouldBe(["chat"]);
        events.ShouldContain(each => (string?)each["event"] == "metric" && (string?)each["stage"] == "chat");
        ((string?)events[^1]["event"], (string?)events[^1]["run"], (int)events[^1]["exit_code"]!).ShouldBe(("run_ended", (string?)events[0]["run"], 0));
    }

    [Fact]
    public async Task AnUnknownStageIsAMistake()
    {
        var lab = await runs.ReadAsync();
        var (exitCode, output, errors) = await lab.RunAsync("run", Lab.Tiny, "--until", "bse");

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("'bse'");
        errors.ShouldContain("base, ");
        Directory.GetDirectories(Path.Combine(lab.Runs, "tiny")).Length.ShouldBe(3, "no run was begun");
    }
}
