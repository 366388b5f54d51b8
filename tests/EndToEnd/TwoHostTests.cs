using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;
using Experiments.Engine.Workers;

namespace Experiments.EndToEnd.Tests;

/// <summary>Two hosts run one recipe with one store.</summary>
public sealed class TwoHostTests : IDisposable
{
    private static readonly string[] Run = ["run", Lab.Tiny, "--until", "base", "--json"];
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-two-hosts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task TwoHostsComputeEachKeyOnce()
    {
        var runs = await Task.WhenAll(new Lab(_folder).RunAsync(Run), new Lab(_folder).RunAsync(Run));

        runs.ShouldAllBe(run => run.ExitCode == 0);
        string[] made = [.. runs.SelectMany(run => Ended(run.Output, "made"))];
        made.Order().ShouldBe(["base", "clean", "tokenizer", "tokens", "world"]);
        runs.Select(run => RunId(run.Output)).Distinct().Count().ShouldBe(2); // a run belongs to one process
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task AHostThatIsStoppedWhileAnotherRunMakesItsArtifactFindsItDone()
    {
        var other = Path.Combine(_folder, "other.yaml");
        await File.WriteAllTextAsync(other, $"{{ extends: {Lab.Tiny}, name: other }}", TestContext.Current.CancellationToken);

        var (holder, others) = await StopAsync(["run", other, "--until", "base"]);

        holder.ExitCode.ShouldBe(0, holder.Output + holder.Errors);
        Ended(others, "made").ShouldBe(["base"]);
        Ended(holder.Output, "found").ShouldContain("base");
        Directory.GetDirectories(Path.Combine(_folder, "artifacts"), "pretrain-*").Length.ShouldBe(1);
        Leftovers().ShouldBeEmpty();
    }

    [Fact]
    public async Task AHostThatIsStoppedWhileAnotherGoesOnWithItsRunStopsAndSaysSo()
    {
        var (holder, others) = await StopAsync(["run", Lab.Tiny, "--until", "base"], seconds: 3);

        holder.ExitCode.ShouldBe(ExitCodes.Interrupted, holder.Output + holder.Errors);
        holder.Errors.ShouldContain("took over");
        holder.Errors.ShouldNotContain("   at ");
        RunId(others).ShouldBe(RunId(holder.Output));
        var run = new RunFolder(Directory.GetDirectories(Path.Combine(_folder, "tiny")).ShouldHaveSingleItem());
        JournalContent.Read(run.JournalFile).Damage.ShouldBeNull();
        run.ReadJournal().Count(entry => (string?)entry["event"] == RunEvents.RunEnded).ShouldBe(1);
        TrackingLines.Read(run.TrackingFile, 0).ShouldAllBe(line => line.Entry != null);
        Leftovers().ShouldBeEmpty();
    }

    /// <summary>Stops a host and its worker while they train, lets another host run, then lets the first go on.</summary>
    private async Task<((int ExitCode, string Output, string Errors) Holder, string Others)> StopAsync(string[] otherRun, int seconds = 0)
    {
        var impatient = (Lease.ExpiryVariable, "1");
        using var holder = new Lab(_folder, impatient).Start(Run);
        var errors = holder.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        List<string> output = [];
        while (await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            output.Add(line);
            if (line.Contains("\"metric\"", StringComparison.Ordinal) && line.Contains("\"base\"", StringComparison.Ordinal))
            {
                break;
            }
        }

        int[] stopped = [holder.Id, .. Children(holder.Id)];
        stopped.Length.ShouldBe(2, "the host and its worker");
        await Lab.SendAsync(Lab.Stop, stopped);
        await Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken); // the lease gets old by the clock of the file system
        var (exitCode, others, otherErrors) = await new Lab(_folder, impatient).RunAsync([.. otherRun, "--json"]);
        await Lab.SendAsync(Lab.Continue, stopped);
        output.AddRange((await holder.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n'));
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);

        exitCode.ShouldBe(0, others + otherErrors);
        return ((holder.ExitCode, string.Join('\n', output), await errors), others);
    }

    private static IEnumerable<string> Ended(string output, string outcome) =>
        from line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let message = JsonNode.Parse(line)!
        where (string?)message["event"] == "stage_ended" && (string?)message["outcome"] == outcome
        select (string)message["stage"]!;

    private static string RunId(string output) => (string)JsonNode.Parse(output[..output.IndexOf('\n')])!["run"]!;

    private static IEnumerable<int> Children(int process) =>
        from thread in Directory.GetDirectories($"/proc/{process}/task")
        from child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select int.Parse(child, CultureInfo.InvariantCulture);

    private IEnumerable<string> Leftovers() =>
        Directory.GetDirectories(Path.Combine(_folder, "artifacts"), "*.bad*").Concat(Directory.GetDirectories(Path.Combine(_folder, "artifacts", "tmp")));
}
