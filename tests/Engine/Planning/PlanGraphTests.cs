using Experiments.Engine.Planning;
using Experiments.Engine.Tests.Runs;

namespace Experiments.Engine.Tests.Planning;

public sealed class PlanGraphTests : IDisposable
{
    private readonly PretendRuns _runs = new();

    [Fact]
    public void StagesAreNodesByStateAndInputsEdges()
    {
        var recipe = _runs.Bench.Read("""
            stages:
              end: { use: clean, inputs: { documents: "file:data/*.txt" } }
              parts: { use: split, inputs: { documents: end } }
            """);
        _runs.Run(recipe, until: "parts");

        var lines = PlanGraph.Of(_runs.Plan(recipe)).ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines[0].ShouldBe("flowchart TD");
        lines[^5..].ShouldBe([
            "  n1[\"end<br/>clean\"]:::hit",
            "  n2[\"file:data/*.txt<br/>2 files\"]:::files",
            "  n2 -->|\"documents\"| n1",
            "  n3[\"parts<br/>split\"]:::run",
            "  n1 -->|\"documents\"| n3"]);
    }

    public void Dispose() => _runs.Dispose();
}
