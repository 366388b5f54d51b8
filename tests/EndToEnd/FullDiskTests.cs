using System.Diagnostics;

namespace Experiments.EndToEnd.Tests;

/// <summary>A disk of its own that is really full: a tmpfs of a few sizes, mounted in a user namespace.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-full-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(64)]
    [InlineData(400)]
    public Task AFullDiskIsNamedAndARerunWithSpaceSucceeds(int kilobytes) => FillAsync(kilobytes);

    [Theory]
    [InlineData(16)]
    [InlineData(200)]
    [InlineData(800)]
    [Trait(LongTests.Trait, LongTests.Long)]
    public Task SoDoesAFullDiskOfOtherSizes(int kilobytes) => FillAsync(kilobytes);

    private async Task FillAsync(int kilobytes)
    {
        var lab = new Lab(_folder);
        var run = string.Join(' ', lab.CommandLine("run", Lab.Tiny, "--until", "base").Select(word => $"'{word}'"));
        var verify = string.Join(' ', lab.CommandLine("verify").Select(word => $"'{word}'"));
        var (exitCode, output) = await ShellAsync(
            $"""
             mount -t tmpfs -o size={kilobytes}k tmpfs {_folder} || exit 42
             {run}; echo "first: $?"
             {verify}
             find {_folder}/artifacts -name '*.bad*' | sed 's/^/aside: /'
             mount -o remount,size=100m {_folder}
             {run}; echo "second: $?"
             {verify}; echo "verified: $?"
             """);
        Assert.SkipWhen(exitCode == 42 || output.Contains("unshare failed", StringComparison.Ordinal), "this machine lets no user mount a tmpfs");

        output.ShouldContain("first: 1");
        output.ShouldContain("The disk is full");
        output.ShouldNotContain("aside: ");
        output.ShouldNotContain("Unhandled exception");
        output.ShouldContain("second: 0");
        output.ShouldContain("verified: 0");
    }

    private static async Task<(int ExitCode, string Output)> ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "sh", "-c", "exec 2>&1\n" + script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await shell.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (shell.ExitCode, output + await errors);
    }
}
