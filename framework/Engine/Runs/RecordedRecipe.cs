using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>The resolved recipe that is kept in a run's folder.</summary>
/// <param name="Json">The recipe; null when its file is missing or damaged.</param>
/// <param name="Digest">Digest of the file's text; null when there is none.</param>
/// <param name="Damage">What is wrong with the file; null when nothing is.</param>
internal sealed record RecordedRecipe(JsonObject? Json, string? Digest, string? Damage)
{
    /// <summary>Reads the file.</summary>
    public static RecordedRecipe Read(string path)
    {
        try
        {
            var text = Encoding.UTF8.GetString(RegularFile.ReadAllBytes(path));
            var digest = Artifacts.Digest.OfText(text);
            return JsonNode.Parse(text) is JsonObject json && IsRecipe(json) ? new(json, digest, null) : new(null, digest, "it is not a recipe");
        }
        catch (Exception problem) when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return new(null, null, "it is missing");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            return new(null, null, problem.Message);
        }
    }

    private static bool IsRecipe(JsonObject json) =>
        json["stages"] is null or JsonObject && json["tracking"] is null or JsonObject
        && (json["stages"] as JsonObject ?? []).All(stage => stage.Value is null or JsonObject { } && stage.Value?["expect"] is null or JsonObject);
}
