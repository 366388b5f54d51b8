using System.Text.Json.Nodes;

namespace Experiments.Engine.Yaml;

/// <summary>
/// The syntax of <c>$(name)</c> inside a text: where a reference begins and ends, and how <c>$$(</c> escapes one.
/// </summary>
internal static class ReferenceSyntax
{
    /// <summary>The beginning of a reference.</summary>
    public const string Open = "$(";

    private const string Escaped = "$$(";

    /// <summary>Whether a text has a <c>$(</c> without its closing parenthesis.</summary>
    public static bool IsOpen(string text)
    {
        for (var at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            at = Close(text, at + Open.Length);
            if (at < 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The position of the next reference at or after <paramref name="from"/>, or -1. Escaped references are skipped.
    /// </summary>
    public static int Next(string text, int from)
    {
        for (var at = text.IndexOf(Open, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Open, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || text[at - 1] != '$')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>
    /// The position after the parenthesis that closes a reference, or -1. <paramref name="from"/> is the position after
    /// the opening parenthesis.
    /// </summary>
    public static int Close(string text, int from)
    {
        var depth = 1;
        for (var i = from; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    /// <summary>Escapes a text, so that interpolating the result gives <paramref name="text"/> again.</summary>
    public static string Escape(string text) => text.Replace(Open, Escaped, StringComparison.Ordinal);

    /// <summary>Escapes a value, so that interpolating the result gives <paramref name="node"/> again.</summary>
    public static JsonNode? Escape(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(entry => KeyValuePair.Create(entry.Key, Escape(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Escape)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Escape(text)),
        _ => node?.DeepClone(),
    };

    /// <summary>Undoes the escapes of a text without references.</summary>
    public static string Unescape(string text) => text.Replace(Escaped, Open, StringComparison.Ordinal);
}
