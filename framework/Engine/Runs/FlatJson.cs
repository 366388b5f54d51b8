using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>JSON as a list of its values, each with its path.</summary>
public static class FlatJson
{
    /// <summary>
    /// The values: <c>optimizer.beta1</c>, <c>steps.2.use</c>. A list of plain values is one value, and so is an empty
    /// mapping.
    /// </summary>
    /// <param name="node">The JSON; null has no values.</param>
    /// <param name="path">The beginning of each path.</param>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Values(JsonNode? node, string path = "") => node switch
    {
        JsonObject { Count: > 0 } map => map.SelectMany(pair => pair.Value is null ? [new(Join(path, pair.Key), null)] : Values(pair.Value, Join(path, pair.Key))),
        JsonArray list when list.Any(item => item is JsonObject or JsonArray) => list.SelectMany((item, index) => Values(item, Join(path, $"{index}"))),
        null => [],
        _ => [new(path, node)],
    };

    /// <summary>A value for people to read: a text has no quotes.</summary>
    public static string Show(JsonNode? value) => value is JsonValue text && text.TryGetValue(out string? plain) ? plain : value?.ToJsonString() ?? "null";

    /// <summary>The path of a value inside another one.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The number, or null when the value is something else.</summary>
    public static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
}
