using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Graphs;

/// <summary>A lineage as a picture. What was made first is at the top.</summary>
public static class LineageGraph
{
    private const int KeyDigits = 12;

    /// <summary>Draws a lineage.</summary>
    public static FlowChart Of(Lineage lineage)
    {
        var chart = new FlowChart();
        chart.Class("artifact", "fill:#dbe9ff,stroke:#2f5fa8,color:#000");
        chart.Class("files", "fill:#f2f2f2,stroke:#888,color:#000,stroke-dasharray:4");
        chart.Class("gone", "fill:#ffdede,stroke:#a83232,color:#000");
        Draw(lineage);
        return chart;

        void Draw(Lineage node)
        {
            var label = node.Artifact is { } artifact ? $"{artifact.Manifest.Plugin}@{artifact.Manifest.Identity["plugin"]?["version"]}" : "gone";
            if (!chart.Node(node.Key, [label, node.Key[..KeyDigits]], node.Artifact is null ? "gone" : "artifact"))
            {
                return;
            }

            foreach (var input in node.Inputs)
            {
                var source = input.Artifact?.Key ?? "file:" + (input.Files?.Pattern ?? $"{node.Key} {input.Name}");
                if (input.Artifact is { } parent)
                {
                    Draw(parent);
                }
                else
                {
                    chart.Node(source, input.Files is { } files ? [source, $"{files.Files.Count} {(files.Files.Count == 1 ? "file" : "files")}"] : ["files", "names not recorded"], "files");
                }

                chart.Edge(source, node.Key, input.Name);
            }
        }
    }
}
