using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Experiments.Engine.Plugins;

/// <summary>
/// The XML documentation of assemblies, read from the XML file next to each assembly when the first summary is needed.
/// </summary>
internal sealed class DocumentationFile
{
    private readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> _members = [];

    /// <summary>Adds the documentation of an assembly that exists only in memory.</summary>
    public void Add(Assembly assembly, byte[] documentation) => _members[assembly] = Members(XDocument.Load(new MemoryStream(documentation)));

    /// <summary>A member's summary as plain text; empty when there is none.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="member">The member's documentation id: <c>T:Some.Type</c>, <c>P:Some.Type.Property</c>.</param>
    public string Summary(Assembly assembly, string member)
    {
        var members = _members.GetOrAdd(assembly, Load);
        var text = new StringBuilder();
        if (members.GetValueOrDefault(member)?.Element("summary") is { } summary)
        {
            Append(text, summary);
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static Dictionary<string, XElement> Load(Assembly assembly) =>
        Path.ChangeExtension(assembly.Location, ".xml") is var path && File.Exists(path) ? Members(XDocument.Load(path)) : [];

    private static Dictionary<string, XElement> Members(XDocument documentation) =>
        documentation.Descendants("member").ToDictionary(member => (string?)member.Attribute("name") ?? "");

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
