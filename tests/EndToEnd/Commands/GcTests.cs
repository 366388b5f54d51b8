namespace Experiments.EndToEnd.Tests.Commands;

public sealed class GcTests(FinishedRuns runs)
{
    [Fact]
    public async Task WhatTheNewestRunsUsedIsKept()
    {
        var (exitCode, output, _) = await (await runs.ReadAsync()).RunAsync("gc", "--json");

        (exitCode, output).ShouldBe((0, ""));
    }

    [Fact]
    public async Task ListsWhatItWouldDeleteAndDeletesNothing()
    {
        var lab = await runs.ReadAsync();
        var (exitCode, output, _) = await lab.RunAsync("gc", "--keep", "2");

        exitCode.ShouldBe(0);
        var rows = Printed.Rows(output);
        rows[..^1].Select(row => (row[0], row[1].Split('-')[0])).ShouldBe([("artifact", "artifacts/pretrain"), ("artifact", "artifacts/sft")], ignoreOrder: true);
        rows[..^1].ShouldAllBe(row => row[2].EndsWith("kB", StringComparison.Ordinal));
        rows[^1][0].ShouldStartWith("2 ");
        rows[^1][0].ShouldContain("--yes");
        rows[..^1].ShouldAllBe(row => Directory.Exists(Path.Combine(lab.Runs, row[1])));
    }

    [Fact]
    public async Task YesDeletesIt()
    {
        var lab = await runs.CopyAsync();
        var (exitCode, output, _) = await lab.RunAsync("gc", "--keep", "2", "--yes", "--json");

        exitCode.ShouldBe(0);
        var garbage = Printed.Json(output);
        garbage.Count.ShouldBe(2);
        garbage.ShouldAllBe(each => (bool)each["deleted"]! && (long)each["bytes"]! > 1000 && !Directory.Exists((string)each["path"]!));
        Printed.Json((await lab.RunAsync("plan", Lab.Tiny, "--json")).Output).Count(stage => (string)stage["state"]! == "hit").ShouldBe(4);
    }

    [Fact]
    public async Task AFlippedByteInAJournalCostsNoArtifactAndIsRepairedByAResume()
    {
        var lab = await runs.CopyAsync();
        var run = Directory.GetDirectories(Path.Combine(lab.Runs, "tiny")).Order(StringComparer.Ordinal).First();
        var journal = Path.Combine(run, "journal.jsonl");
        var bytes = await File.ReadAllBytesAsync(journal, TestContext.Current.CancellationToken);
        bytes[bytes.AsSpan().LastIndexOf("Made"u8)] ^= 1;
        await File.WriteAllBytesAsync(journal, bytes, TestContext.Current.CancellationToken);
        var id = Path.GetFileName(run);

        var (exitCode, output, errors) = await lab.RunAsync("gc", "--yes");
        (exitCode, output).ShouldBe((0, "Nothing to collect.\n"));
        errors.ShouldContain(id);
        (await lab.RunAsync("ls")).Output.ShouldContain("done, damaged");
        var verified = await lab.RunAsync("verify");
        verified.ExitCode.ShouldBe(1);
        verified.Output.ShouldContain("journal.jsonl: 1 damaged line");
        (await lab.RunAsync("doctor")).Output.ShouldContain("journal.jsonl: 1 damaged line");

        var resumed = await lab.RunAsync("resume", id);

        resumed.ExitCode.ShouldBe(0, resumed.Output + resumed.Errors);
        resumed.Output.ShouldContain($"run {id} resumes");
        (await lab.RunAsync("verify")).ExitCode.ShouldBe(0);
        (await lab.RunAsync("gc")).Errors.ShouldBeEmpty();
        (await lab.RunAsync("ls")).Output.ShouldNotContain("damaged");
    }

    [Fact]
    public async Task KeepingNoRunIsAMistake()
    {
        var (exitCode, _, errors) = await (await runs.ReadAsync()).RunAsync("gc", "--keep", "0");

        exitCode.ShouldBe(2);
        errors.ShouldContain("--keep");
    }
}
