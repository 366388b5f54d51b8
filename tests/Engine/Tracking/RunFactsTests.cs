using System.Diagnostics;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

public sealed class RunFactsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-facts-").FullName;

    [Fact]
    public async Task ADirtyTreeIsSaidAndItsDiffIsKept()
    {
        var recipe = Write("seed: 1\n");
        Git("init", "-q");
        Git("add", ".");
        Git("-c", "user.name=ann", "-c", "user.email=ann@example.org", "commit", "-qm", "first");
        var clean = await RunFacts.CollectAsync(recipe, TestContext.Current.CancellationToken);
        Write("seed: 2\n");
        var dirty = await RunFacts.CollectAsync(recipe, TestContext.Current.CancellationToken);

        clean.Tags["lab.git.dirty"].ShouldBe("false");
        clean.Diff.ShouldBeNull();
        dirty.Tags["lab.git.dirty"].ShouldBe("true");
        dirty.Tags[RunTags.Commit].ShouldMatch("^[0-9a-f]{40}$");
        dirty.Tags[RunTags.Source].ShouldBe(recipe);
        dirty.Diff.ShouldNotBeNull().ShouldContain("\n-seed: 1\n+seed: 2\n");
    }

    [Fact]
    public async Task OutsideAWorkingTreeTheFactsOfGitAreAbsent()
    {
        var facts = await RunFacts.CollectAsync(Path.Combine(_folder, "tiny.yaml"), TestContext.Current.CancellationToken);

        facts.Tags.ShouldNotContainKey(RunTags.Commit);
        facts.Tags[RunTags.SourceType].ShouldBe("LOCAL");
        facts.Tags.Values.ShouldAllBe(value => value.Length > 0);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string text)
    {
        var recipe = Path.Combine(_folder, "tiny.yaml");
        File.WriteAllText(recipe, text);
        return recipe;
    }

    private void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _folder })!;
        git.WaitForExit();
        git.ExitCode.ShouldBe(0);
    }
}
