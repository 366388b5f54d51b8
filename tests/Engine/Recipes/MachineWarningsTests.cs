using Experiments.Engine.Recipes;

namespace Experiments.Engine.Tests.Recipes;

public sealed class MachineWarningsTests : IDisposable
{
    private readonly RecipeBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void MoreThreadsThanTheMachineHasAreNamedWithBothNumbers()
    {
        var recipe = _bench.Read("stages:\n  a: { use: write-lines, run: { threads: 1000 } }\n  b: { use: write-lines, run: { threads: 2 } }\n  c: { use: write-lines }");

        MachineWarnings.Of(recipe, cores: 2).ShouldBe(["r.yaml(2,42): stage 'a', run: 'threads' is 1000, but this machine has 2; more threads than it has slow a stage down"]);
    }

    [Fact]
    public void AStageOfManyInstancesIsNamedOnce()
    {
        var recipe = _bench.Read("stages:\n  a: { use: write-lines, foreach: { n: [1, 2, 3] }, with: { count: $(each.n) }, run: { threads: 8 } }");

        MachineWarnings.Of(recipe, cores: 4).ShouldHaveSingleItem().ShouldContain("stage 'a', run: 'threads' is 8");
    }
}
