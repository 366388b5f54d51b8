using Experiments.Engine.Runs;

namespace Experiments.Engine.Tests.Runs;

public sealed class RunComparisonTests : IDisposable
{
    private const string Recipe = """
        name: r
        stages:
          lines: { use: write-lines, with: { count: 4 } }
          parts: { use: split, inputs: { documents: lines } }
        """;

    private readonly PretendRuns _runs = new();

    [Fact]
    public void ARunDiffersFromItselfInNothing()
    {
        _runs.Run(_runs.Bench.Read(Recipe));

        Compare("r", "@1").ShouldAllBe(value => value.IsSame);
        Compare("r", "@1").Count.ShouldBeGreaterThan(10);
    }

    [Fact]
    public void OptionsContentsAndResultsThatDifferAreNamedByStage()
    {
        _runs.Run(_runs.Bench.Read(Recipe));
        _runs.Run(_runs.Bench.Read(Recipe, null, "stages.lines.with.count=5", "stages.lines.with.text=longer", "seed=2"));

        Compare("@2", "@1").Where(value => !value.IsSame).Select(value => $"{value.Stage} {value.Name}")
            .ShouldBe([" seed", "lines with.count", "lines with.text", "lines result lines", "parts content of documents"]);
    }

    [Fact]
    public void NumbersHaveTheirDifferenceAndItsShare()
    {
        _runs.Run(_runs.Bench.Read(Recipe));
        _runs.Run(_runs.Bench.Read(Recipe, null, "stages.lines.with.count=5"));

        Compare("@2", "@1").Single(value => value.Name == "with.count").ShouldSatisfyAllConditions(
            count => count.Change.ShouldBe(1),
            count => count.Share.ShouldBe(0.25));
    }

    [Fact]
    public void AStageThatOneRunLacksIsHeldAgainstNothing()
    {
        _runs.Run(_runs.Bench.Read(Recipe));
        _runs.Run(_runs.Bench.Read("{ name: r, stages: { lines: { use: write-lines, with: { count: 4 } } } }"));

        Compare("@2", "@1").Single(value => value is { Stage: "parts", Name: "use" }).ShouldSatisfyAllConditions(
            use => ((string?)use.Left).ShouldBe("split"),
            use => use.Right.ShouldBeNull());
    }

    [Fact]
    public void ARunWhoseArtifactsAreGoneIsComparedWithoutResults()
    {
        _runs.Run(_runs.Bench.Read(Recipe));
        Directory.Delete(_runs.Store.Root, recursive: true);

        Compare("@1", "@1").ShouldNotContain(value => value.Name.StartsWith("result"));
    }

    public void Dispose() => _runs.Dispose();

    private IReadOnlyList<ComparedValue> Compare(string left, string right)
    {
        var catalog = new RunCatalog(_runs.Folder);
        return RunComparison.Between(catalog.Find(left), catalog.Find(right), _runs.Store, _runs.Time.GetUtcNow());
    }
}
