using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Plugins;

/// <summary>JSON of which there is one way to write it: keys in ordinal order, no white space, numbers in shortest round-trip form.</summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object whose keys stand in ordinal order, whatever the order of the entries.</summary>
    public static JsonObject Object(params IEnumerable<KeyValuePair<string, JsonNode?>> entries) =>
        new(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));

    /// <summary>The bytes of a node made by this class, UTF-8.</summary>
    public static byte[] Bytes(JsonNode? node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            if (node is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                node.WriteTo(writer);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The text of a node made by this class.</summary>
    public static string Text(JsonNode? node) => System.Text.Encoding.UTF8.GetString(Bytes(node));
}
