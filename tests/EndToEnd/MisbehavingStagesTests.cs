using System.Globalization;
using System.Text.Json.Nodes;

namespace Experiments.EndToEnd.Tests;

/// <summary>A stage that breaks the rules fails by name or does no harm. The other stages and the host go on.</summary>
public sealed class MisbehavingStagesTests(MisbehavingStages stages) : IClassFixture<MisbehavingStages>
{
    private const int Patience = 120_000; // a test of a hang must not hang

    [Theory(Timeout = Patience)]
    [InlineData("exits", "exit code 0, but never said how the stage ended")]
    [InlineData("exits-as-if-interrupted", "exit code 75, but never said how the stage ended")]
    [InlineData("forges-its-end", "exit code 0, but never said how the stage ended")]
    [InlineData("fails-fast", "The worker aborted (SIGABRT)")]
    [InlineData("returns-null", "The stage returned null instead of its Report.")]
    [InlineData("writes-nothing", "The stage wrote no file into ")]
    [InlineData("returns-another-folder", "The stage returned Report in /tmp/, but only ")]
    [InlineData("logs-no-name", "The name of a metric is null.")]
    [InlineData("logs-an-empty-name", "The name of a metric is empty.")]
    [InlineData("logs-a-long-name", "The name of a metric 'mmmmmmmmmmmmmmmmmmmm...' has 1048576 characters.")]
    [InlineData("removes-its-folder", "/output is gone.")]
    [InlineData("replaces-its-folder-by-a-file", "/output was replaced by a file.")]
    [InlineData("replaces-its-folder-by-a-link", "/output was replaced by a symbolic link.")]
    [InlineData("links-out", "'link' in ")]
    [InlineData("makes-a-pipe", "'pipe' in ")]
    [InlineData("names-not-in-utf-8", "the name is not UTF-8.")]
    [InlineData("takes-an-artifacts-name", "Give the file another name.")]
    [InlineData("fails-on-a-thread", "on a thread")]
    public async Task AStageThatIsNotDoneFailsByName(string stage, string message)
    {
        var end = (await stages.EndsAsync())[stage];

        ((string?)end["outcome"], (string?)end["artifact"]).ShouldBe(("failed", null));
        ((string)end["message"]!).ShouldContain(message);
    }

    [Theory(Timeout = Patience)]
    [InlineData("writes-garbage")]
    [InlineData("writes-a-huge-line")]
    [InlineData("closes-its-streams")]
    [InlineData("reads-its-input")]
    [InlineData("logs-odd-values")]
    [InlineData("uses-odd-names")]
    [InlineData("leaves-a-thread")]
    [InlineData("leaves-a-child")]
    [InlineData("leaves-a-daemon")]
    public async Task AStageThatOnlyLeavesDirtIsDone(string stage)
    {
        var end = (await stages.EndsAsync())[stage];

        ((string?)end["outcome"], (string?)end["message"]).ShouldBe(("made", null));
    }

    [Theory(Timeout = Patience)]
    [InlineData("logs-no-name", "The name of a metric is null.")]
    [InlineData("fails-on-a-thread", "on a thread")]
    [InlineData("fails-in-many-words", "The first line.")]
    [InlineData("fails-with-a-cause", "outside")]
    public async Task ItsOwnFileAndLineComeFirst(string stage, string message)
    {
        var text = (string)(await stages.EndsAsync())[stage]!["message"]!;

        text.ShouldNotContain('\n');
        text.ShouldStartWith($"{stages.Source}({stages.LineOf(stage)}): {message}");
    }

    [Fact(Timeout = Patience)]
    public async Task WhatWasCommittedVerifies()
    {
        var made = (await stages.EndsAsync()).Values.Count(end => (string?)end["outcome"] == "made");

        var (exitCode, output, errors) = await stages.Lab.RunAsync("verify");

        exitCode.ShouldBe(0, errors);
        output.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"{made} artifacts are intact, 0 were damaged."));
    }

    [Fact(Timeout = Patience)]
    public async Task WhatAStagePrintsIsInTheLogAndALongLineIsCut()
    {
        await stages.EndsAsync();

        var log = stages.Log();
        log.ShouldContain("""{"event":"metric","name":null,"value":1}""");
        log.ShouldContain("The second line.");
        log.ShouldContain("aaa [the rest of this line is left out]");
        log.Length.ShouldBeLessThan(1_000_000);
    }

    [Theory(Timeout = Patience)]
    [InlineData("ignores-cancellation", "while (true) { try { await Task.Delay(1000); } catch (OperationCanceledException) { } }")]
    [InlineData("ignores-the-signal", "signal(15, 1); Thread.Sleep(Timeout.Infinite);")]
    [InlineData("closes-its-input-and-waits", "close(0); Thread.Sleep(Timeout.Infinite);")]
    public async Task TheSecondSignalEndsTheWorkerAndItsChildrenToo(string name, string body)
    {
        const string Children = """
            var child = Process.Start("bash", ["-c", "trap '' TERM; (trap '' TERM; echo grandchild >&2; sleep 1000); sleep 1000"]);
            context.Log.Info($"{Environment.ProcessId} {child.Id}");

            """;
        using var host = stages.Lab.Start([.. stages.Recipe(name, new Dictionary<string, string> { [name] = Children + body }), "--json"]);
        var said = "";
        while (said.Split(' ').Length != 2)
        {
            var line = await host.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var message = JsonNode.Parse(line.ShouldNotBeNull())!;
            said = (string?)message["event"] == "log" ? (string)message["text"]! : "";
        }

        await Lab.SendAsync(Lab.Terminate, host.Id);
        (await host.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldStartWith("interrupting:");
        await Lab.SendAsync(Lab.Terminate, host.Id);

        await host.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await host.WaitForExitAsync(TestContext.Current.CancellationToken);
        host.ExitCode.ShouldBe(75, await host.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        foreach (var process in said.Split(' '))
        {
            await EndedAsync(process);
        }
    }

    /// <summary>Waits until a process, which was killed, is gone or a zombie.</summary>
    private static async Task EndedAsync(string process)
    {
        while (File.Exists($"/proc/{process}/stat") && (await File.ReadAllTextAsync($"/proc/{process}/stat", TestContext.Current.CancellationToken)).Split(") ")[1][0] != 'Z')
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
