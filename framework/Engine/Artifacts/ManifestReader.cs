using System.Globalization;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Reads manifests without a JSON deserializer: the JIT compilation of its first call takes as long as reading a whole
/// recipe, for every command.
/// </summary>
internal static class ManifestReader
{
    /// <summary>The manifest that a text holds.</summary>
    /// <exception cref="InvalidDataException">A property is missing.</exception>
    public static ArtifactManifest Read(JsonObject json) => new()
    {
        Plugin = Text(json, "plugin"),
        Key = Text(json, "key"),
        Identity = Node(json, "identity").AsObject(),
        Options = Node(json, "options"),
        Parents = Texts(json, "parents"),
        Sources = json["sources"] is JsonArray sources
            ? [.. sources.Select(each => (JsonObject)each!).Select(each => new ExternalSource(Text(each, "input"), Text(each, "pattern"), Text(each, "folder"), Texts(each, "files"), Text(each, "digest")))]
            : null,
        Parts = [.. Objects(json, "parts").Select(part => new StoredPart(Text(part, "name"), Text(part, "type"), Text(part, "digest"), [.. Objects(part, "files").Select(File)]))],
        Results = Node(json, "results").AsObject().ToDictionary(result => result.Key, result => Number(result.Value!)),
        Environment = TextsByName(json, "environment"),
        Metrics = json["metrics"] is JsonObject metrics ? File(metrics) : null,
        Code = Code(json, "code"),
        EarlierCode = Code(json, "earlier_code"),
        Finished = DateTimeOffset.Parse(Text(json, "finished"), CultureInfo.InvariantCulture),
        Seconds = Number(Node(json, "seconds")),
    };

    private static IReadOnlyList<PluginCode>? Code(JsonObject json, string key) => json[key] is JsonArray code
        ? [.. code.Select(each => (JsonObject)each!).Select(each => new PluginCode(Text(each, "kind"), Text(each, "plugin"), Text(each, "digest"), TextsByName(each, "modules")))]
        : null;

    private static StoredFile File(JsonObject json) => new(Text(json, "path"), (long)Node(json, "size"), Text(json, "sha256"));

    private static JsonNode Node(JsonObject json, string key) => json[key] ?? throw new InvalidDataException($"it has no '{key}'");

    private static string Text(JsonObject json, string key) => (string)Node(json, key)!;

    private static IReadOnlyList<string> Texts(JsonObject json, string key) => [.. Node(json, key).AsArray().Select(text => (string)text!)];

    private static Dictionary<string, string> TextsByName(JsonObject json, string key) =>
        Node(json, key).AsObject().ToDictionary(text => text.Key, text => (string)text.Value!);

    private static IEnumerable<JsonObject> Objects(JsonObject json, string key) => Node(json, key).AsArray().Select(each => each!.AsObject());

    /// <summary>A number. Values that JSON cannot write as a number are text: <c>"NaN"</c>.</summary>
    private static double Number(JsonNode node) => double.Parse(node.ToString(), CultureInfo.InvariantCulture);
}
