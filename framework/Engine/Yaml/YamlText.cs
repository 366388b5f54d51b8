using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Yaml;

/// <summary>Values as YAML on one line.</summary>
internal static class YamlText
{
    private const string PlainMarks = "_-./:*?()$+=@%<>~";

    /// <summary>A value. Mappings are in braces, lists in brackets.</summary>
    public static string Of(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject { Count: 0 } => "{}",
        JsonObject map => $"{{ {string.Join(", ", map.Select(entry => $"{Of(entry.Key)}: {Of(entry.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Of))}]",
        JsonValue single when single.TryGetValue<string>(out var text) => Of(text),
        _ => value.ToJsonString().Replace('E', 'e'),
    };

    /// <summary>A piece of a recipe as it was written.</summary>
    public static string Of(RecipeNode node) => (node.Interpolated?.Written ?? node) switch
    {
        ScalarNode { IsPlain: true } plain => plain.IsNull ? "null" : plain.Text,
        ScalarNode quoted => Of(quoted.Text),
        SequenceNode list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        MappingNode { Entries.Count: 0 } => "{}",
        MappingNode map => $"{{ {string.Join(", ", map.Entries.Select(entry => $"{Of(entry.Key)}: {Of(entry.Value)}"))} }}",
        _ => "?",
    };

    /// <summary>A text, quoted where YAML could read it as something other than text.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Quoted(text);

    private static bool IsPlain(string text)
    {
        var isSafe = text.Length > 0
            && (char.IsLetterOrDigit(text[0]) || text[0] is '/' or '.' or '_' or '$')
            && text.All(letter => char.IsLetterOrDigit(letter) || letter == ' ' || PlainMarks.Contains(letter, StringComparison.Ordinal))
            && text[^1] is not (' ' or ':')
            && !text.Contains(": ", StringComparison.Ordinal);
        return isSafe && ScalarText.ToJson(new ScalarNode(default, text)) is JsonValue value && value.TryGetValue<string>(out _);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => quoted.Append('\\').Append(letter),
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' => quoted.Append("\\u").Append(((int)letter).ToString("x4", CultureInfo.InvariantCulture)),
                _ => quoted.Append(letter),
            };
        }

        return quoted.Append('"').ToString();
    }
}
