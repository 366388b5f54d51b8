using System.Collections.Concurrent;
using System.Text;
using System.Xml.Linq;

namespace Experiments.Engine.Plugins;

/// <summary>The XML documentation beside assemblies, read when a summary is first asked for.</summary>
internal sealed class DocumentationFile
{
    private readonly ConcurrentDictionary<string, Dictionary<string, XElement>> _members = [];

    /// <summary>A member's summary as plain text; empty when there is none.</summary>
    /// <param name="assemblyPath">The assembly.</param>
    /// <param name="member">The member's documentation id: <c>T:Some.Type</c>, <c>P:Some.Type.Property</c>.</param>
    public string Summary(string assemblyPath, string member)
    {
        var members = _members.GetOrAdd(Path.ChangeExtension(assemblyPath, ".xml"), Load);
        var text = new StringBuilder();
        if (members.GetValueOrDefault(member)?.Element("summary") is { } summary)
        {
            Append(text, summary);
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static Dictionary<string, XElement> Load(string path) =>
        File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(member => (string?)member.Attribute("name") ?? "")
            : [];

    private static void Append(StringBuilder text, XElement element)
    {
        foreach (var node in element.Nodes())
        {
            if (node is XText words)
            {
                text.Append(words.Value);
            }
            else if (node is XElement { HasElements: false, IsEmpty: true } reference)
            {
                var target = (string?)reference.Attribute("cref") ?? (string?)reference.Attribute("langword") ?? (string?)reference.Attribute("name") ?? "";
                text.Append(target.AsSpan(target.LastIndexOf('.') + 1));
            }
            else if (node is XElement inner)
            {
                Append(text, inner);
            }
        }
    }
}
