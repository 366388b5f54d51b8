using System.Diagnostics;
using Experiments.Testing;

namespace Experiments.EndToEnd.Tests;

/// <summary>The inputs of the shared folder that once failed, played with the scripts that lie with them.</summary>
public sealed class SharedCaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-cases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("typo-in-stage.yaml", "typo-in-stage.yaml(3,74): stage 'tokens': input 'tokenizer': no stage 'tokk'. Did you mean 'tok'?")]
    [InlineData("no-such-file.yaml", "no-such-file.yaml(2,74): stage 'tokens': input 'tokenizer': no file matches 'nowhere.json'.")]
    [InlineData("list-input-is-fine.yaml", "list-input-is-fine.yaml(2,47): stage 'tok': input 'documents': no file matches 'nowhere/*.txt'.")]
    public async Task AMissingSourceHasItsPlace(string recipe, string message)
    {
        var (exitCode, output) = await PlayAsync("one-source-input-index-error", $"$LAB validate {recipe}");

        exitCode.ShouldBe(2);
        output.ShouldStartWith(message);
    }

    [Fact]
    public async Task AliasesOfAliasesAreRefused()
    {
        var (exitCode, output) = await PlayAsync("yaml-alias-bomb", "$LAB validate r.yaml");

        exitCode.ShouldBe(2);
        output.ShouldContain("r.yaml(8,15): invalid YAML: with its aliases");
    }

    [Fact]
    public async Task ALinkThatLeadsBackIsFollowedOnce()
    {
        var (exitCode, output) = await PlayAsync("glob-symlink-loop", "sh make.sh; ln -s . in/d/s2; $LAB run r.yaml --runs x");

        exitCode.ShouldBe(0, output);
        output.ShouldContain("documents_read 1\n");
    }

    [Theory]
    [InlineData("evil.yaml")]
    [InlineData("evil-unused.yaml")]
    [InlineData("evil-broken.yaml")]
    public async Task LookingAtARecipeExecutesNothingOfIt(string recipe)
    {
        var commands = string.Join("; ", new[] { "validate", "plan", "show", "estimate", "schema", "why a" }.Select(command => $"$LAB {command} {recipe}"));

        var (_, output) = await PlayAsync("engine", $"{commands}; ls \"$TMPDIR\"");

        output.ShouldNotContain("executed.txt");
    }

    [Fact]
    [Trait(LongTests.Trait, LongTests.Long)]
    public async Task ALeaseFromTheFutureExpires()
    {
        var (_, output) = await PlayAsync("lease-from-the-future", "LAB_LEASE_SECONDS=2 sh r.sh");

        output.ShouldContain("rc=0");
    }

    [Fact]
    [Trait(LongTests.Trait, LongTests.Long)]
    public async Task TheSecondSignalEndsTheWorkerToo()
    {
        var (_, output) = await PlayAsync("worker-outlives-second-sigterm", "bash r.sh");

        output.Trim().Split('\n').Last(line => line.StartsWith("host:", StringComparison.Ordinal)).ShouldBe("host: ended  worker: ");
    }

    /// <summary>A host that is stopped past its lease, a host with another clock, and two containers with one host name.</summary>
    [Theory]
    [Trait(LongTests.Trait, LongTests.Long)]
    [InlineData("repro_two_writers.sh", "python3")]
    [InlineData("clock.sh", "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1")]
    [InlineData("containers.sh", "unshare")]
    public async Task ARunHasOneWriter(string script, string needs)
    {
        var (exitCode, _) = await PlayAsync("engine", $"[ -e {needs} ] || command -v {needs}");
        Assert.SkipWhen(exitCode != 0, $"{needs} is absent.");

        var (_, output) = await PlayAsync("engine", $"PROJECT={Lab.Checkout("")} sh make.sh; bash {script}");

        output.ShouldContain("unreadable []");
        output.ShouldNotContain("entries lost behind the first of them: 1");
        output.ShouldNotContain("C: 124");
        output.ShouldNotContain("Unhandled exception");
    }

    /// <summary>Plays a script in a copy of a case's folder.</summary>
    private async Task<(int ExitCode, string Output)> PlayAsync(string name, string script)
    {
        var source = SharedData.FindCase(name);
        Assert.SkipWhen(source is null, "The folder shared/cases is absent.");
        var folder = Path.Combine(_folder, name);
        await Lab.CopyFolderAsync(source!, folder);
        var start = new ProcessStartInfo("bash", ["-c", script + " 2>&1"]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["LAB"] = string.Join(' ', new Lab(null).CommandLine());
        start.Environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "temporary")).FullName;
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(folder, "settings");
        start.Environment.Remove("MLFLOW_TRACKING_URI");
        using var play = Process.Start(start)!;
        play.StandardInput.Close();
        var errors = play.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await play.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await play.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (play.ExitCode, output + await errors);
    }
}
