using System.Runtime.CompilerServices;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// Writes values as JSON like Python's <c>json.dumps(ensure_ascii=False)</c>, which is transformers' <c>tojson</c>.
/// Text from a message stays marked.
/// </summary>
internal static class JsonText
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="indent">Spaces per level, or null to write one line.</param>
    public static MarkedText Write(object? value, long? indent) => Write(value, indent is { } blanks ? (int)Math.Clamp(blanks, 0, 16) : null, 0);

    private static MarkedText Write(object? value, int? indent, int depth)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return value switch
        {
            null => "null",
            bool flag => flag ? "true" : "false",
            long or double => Values.Represent(value),
            MarkedText text => Quote(text),
            List<object?> list => Enclose("[", list.Select(item => Write(item, indent, depth + 1)), "]", indent, depth),
            MapValue map => Enclose("{", map.Select(entry => MarkedText.Concat(Quote(entry.Key), ": ", Write(entry.Value, indent, depth + 1))), "}", indent, depth),
            _ => throw new TemplateFault($"{Values.Describe(value)} cannot be written as JSON."),
        };
    }

    private static MarkedText Quote(MarkedText text) => MarkedText.Concat("\"", text.Map(Escape), "\"");

    private static string Escape(string text) => string.Concat(text.Select(character => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        < ' ' => $"\\u{(int)character:x4}",
        _ => character.ToString(),
    }));

    private static MarkedText Enclose(string open, IEnumerable<MarkedText> items, string close, int? indent, int depth)
    {
        var all = items.ToList();
        if (all.Count == 0 || indent is not { } blanks)
        {
            return MarkedText.Concat(open, MarkedText.Join(", ", all), close);
        }

        var line = "\n" + new string(' ', Math.Min(blanks * (depth + 1), 1024));
        var last = "\n" + new string(' ', Math.Min(blanks * depth, 1024));
        return MarkedText.Concat(open + line, MarkedText.Join("," + line, all), last + close);
    }
}
