using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// The one form of a JSON value that keys and comparisons use: object keys in ordinal order, no white space, numbers in
/// their shortest round-trip form, everything but plain ASCII escaped. Every key of the store depends on it, so it must
/// never change.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object with its keys in ordinal order. The values are not copied or reordered.</summary>
    public static JsonObject Object(params IEnumerable<KeyValuePair<string, JsonNode?>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));

    /// <summary>A copy with the keys of every object in ordinal order.</summary>
    public static JsonNode? Of(JsonNode? node) => node switch
    {
        JsonObject map => Object(map.Select(entry => KeyValuePair.Create(entry.Key, Of(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Of)]),
        _ => node?.DeepClone(),
    };

    /// <summary>The canonical text of a value.</summary>
    public static string Text(JsonNode? node) => Of(node)?.ToJsonString() ?? "null";

    /// <summary>The same for people to read: letters beyond ASCII are not escaped. Never use it for a digest.</summary>
    public static string Readable(JsonNode? node) => Of(node)?.ToJsonString(Unescaped) ?? "null";
}
