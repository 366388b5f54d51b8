using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>Options that name files: the key depends on the bytes of the files, not on their names.</summary>
internal static class InputFiles
{
    /// <summary>The first name that is not the name of a readable file, or null.</summary>
    public static string? Missing(JsonNode? names, string workingDirectory) =>
        Names(names).FirstOrDefault(name => RecipePath.Full(name, workingDirectory) is not { } path || FileIdentity.Of(path) is not { Kind: FileKind.Regular } || !IsReadable(path));

    /// <summary>The digests of the files, in place of their names.</summary>
    public static JsonNode? Identity(JsonNode? names, string workingDirectory) => names switch
    {
        JsonArray list => new JsonArray([.. list.Select(name => Identity(name, workingDirectory))]),
        null => null,
        _ => Digest.OfFile(Path.GetFullPath((string)names!, workingDirectory)),
    };

    private static bool IsReadable(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Names(JsonNode? names) => names switch
    {
        JsonArray list => list.Select(name => (string)name!),
        null => [],
        _ => [(string)names!],
    };
}
