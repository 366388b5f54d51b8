using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Plugins;

/// <summary>Options that name files: the key depends on the bytes of the files, not on their names.</summary>
internal static class InputFiles
{
    /// <summary>The first name whose file does not exist, or null.</summary>
    public static string? Missing(JsonNode? names, string workingDirectory) =>
        Names(names).FirstOrDefault(name => !File.Exists(Path.GetFullPath(name, workingDirectory)));

    /// <summary>The digests of the files, in place of their names.</summary>
    public static JsonNode? Identity(JsonNode? names, string workingDirectory) => names switch
    {
        JsonArray list => new JsonArray([.. list.Select(name => Identity(name, workingDirectory))]),
        null => null,
        _ => Digest.OfFile(Path.GetFullPath((string)names!, workingDirectory)),
    };

    private static IEnumerable<string> Names(JsonNode? names) => names switch
    {
        JsonArray list => list.Select(name => (string)name!),
        null => [],
        _ => [(string)names!],
    };
}
