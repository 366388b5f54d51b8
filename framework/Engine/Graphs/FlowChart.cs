using System.Text;

namespace Experiments.Engine.Graphs;

/// <summary>A directed graph as a Mermaid flowchart, which many Markdown viewers can draw.</summary>
public sealed class FlowChart
{
    private readonly Dictionary<string, string> _ids = [];
    private readonly StringBuilder _text = new("flowchart TD\n");

    /// <summary>Defines how the nodes of a class look.</summary>
    /// <param name="name">The class.</param>
    /// <param name="look">CSS for Mermaid's classDef.</param>
    public void Class(string name, string look) => _text.Append($"  classDef {name} {look}\n");

    /// <summary>Adds a node, unless it exists.</summary>
    /// <param name="name">The name, for use in <see cref="Edge"/>.</param>
    /// <param name="lines">The text in the node.</param>
    /// <param name="kind">Its class.</param>
    /// <returns>False when it already existed.</returns>
    public bool Node(string name, IEnumerable<string> lines, string kind)
    {
        // Mermaid reserves some names, such as 'end'.
        if (!_ids.TryAdd(name, $"n{_ids.Count + 1}"))
        {
            return false;
        }

        _text.Append($"  {_ids[name]}[\"{string.Join("<br/>", lines.Select(Escape))}\"]:::{kind}\n");
        return true;
    }

    /// <summary>Adds an edge between two nodes.</summary>
    public void Edge(string from, string to, string label) => _text.Append($"  {_ids[from]} -->|\"{Escape(label)}\"| {_ids[to]}\n");

    /// <summary>The flowchart.</summary>
    public override string ToString() => _text.ToString();

    private static string Escape(string text) => text
        .Replace("#", "#35;", StringComparison.Ordinal)
        .Replace("\"", "#quot;", StringComparison.Ordinal)
        .Replace("<", "#lt;", StringComparison.Ordinal)
        .Replace(">", "#gt;", StringComparison.Ordinal);
}
