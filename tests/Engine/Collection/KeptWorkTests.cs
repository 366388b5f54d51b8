using Experiments.Engine.Collection;

namespace Experiments.Engine.Tests.Collection;

public sealed class KeptWorkTests : CollectionBench
{
    [Fact]
    public void AnAttemptAtAStageThatIsDoneGoes()
    {
        var run = Run(1);
        Attempt((string)run.ReadJournal()[^2]["key"]!);

        Found().ShouldHaveSingleItem().Kind.ShouldBe(GarbageKind.Attempt);
    }

    [Fact]
    public void TheNameOfAnAttemptsPluginMayHaveHyphens()
    {
        var run = _runs.Run(Read(1), end: null, until: "lines");
        Directory.CreateDirectory(_runs.Store.WorkFolder("write-lines", (string)run.ReadJournal()[^1]["key"]!));

        Found().ShouldBeEmpty();
    }

    [Fact]
    public void AllThatARunNamedStaysThoughItsKeysChangedWhileItRan()
    {
        Run(1);
        Run(2);
        var garbage = Found();

        foreach (var each in garbage)
        {
            Used(each.Key!, process: 999_999_999);
        }

        Found().ShouldBeEmpty();
    }

    [Fact]
    public void TheNewestRunsOfEachRecipeStay()
    {
        Run(1);
        Run(2);
        _runs.Run(_runs.Bench.Read("{ name: other, stages: { other: { use: write-lines, with: { count: 9 } } } }"));

        Found().Count.ShouldBe(2); // of run 1
        Found(keep: 2).ShouldBeEmpty();
    }

    [Fact]
    public void AllAncestorsOfAKeptArtifactStay()
    {
        var recipe = _runs.Bench.Read(Recipe + "\n  clean: { use: clean, inputs: { documents: parts.train } }");
        var run = _runs.Run(recipe);
        var clean = _runs.Store.All().Single(artifact => artifact.Manifest.Plugin == "clean");
        Directory.Delete(run.Path, recursive: true);
        Used(clean.Manifest.Key, process: 999_999_999);

        Found().ShouldBeEmpty();
    }
}
