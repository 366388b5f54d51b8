using Experiments.Engine.Graphs;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Planning;

/// <summary>A plan as a picture: one node per stage, coloured by its state, with edges labelled by input.</summary>
public static class PlanGraph
{
    /// <summary>Draws a plan.</summary>
    public static FlowChart Of(IReadOnlyList<PlannedStage> plan)
    {
        var chart = new FlowChart();
        chart.Class("hit", "fill:#d9f2d9,stroke:#3c7d3c,color:#000");
        chart.Class("resume", "fill:#fff2cc,stroke:#b8860b,color:#000");
        chart.Class("run", "fill:#dbe9ff,stroke:#2f5fa8,color:#000");
        chart.Class("files", "fill:#f2f2f2,stroke:#888,color:#000,stroke-dasharray:4");
        foreach (var stage in plan)
        {
            chart.Node(stage.Stage.Name, [stage.Stage.Name, stage.Stage.Plugin.Name], stage.State.ToString().ToLowerInvariant());
            foreach (var (input, source) in stage.Stage.Inputs.SelectMany(input => input.Sources.Select(source => (input, source))))
            {
                var label = source.Label is null ? input.Name : $"{input.Name}.{source.Label}";
                switch (source)
                {
                    case StageOutput output:
                        chart.Edge(output.Stage, stage.Stage.Name, label);
                        break;
                    case ExternalFiles files:
                        var node = "file:" + files.Pattern;
                        chart.Node(node, [node, files.Files.Count == 1 ? "1 file" : $"{files.Files.Count} files"], "files");
                        chart.Edge(node, stage.Stage.Name, label);
                        break;
                }
            }
        }

        return chart;
    }
}
