using System.Text.Json.Nodes;

namespace Experiments.Engine.Execution;

/// <summary>What earlier runs of one recipe did, read from their journals.</summary>
/// <param name="recipeFolder">The folder of the recipe's runs.</param>
public sealed class RunHistory(string recipeFolder)
{
    private readonly Lazy<Dictionary<string, JsonObject>> _identities = new(() => ReadIdentities(recipeFolder));

    /// <summary>The identity that a stage had when it last ran or was found, or null when it never did.</summary>
    public JsonObject? LastIdentity(string stage) => _identities.Value.GetValueOrDefault(stage);

    /// <summary>The memory that a stage took when it last ran. Unit: bytes; 0 when that is unknown.</summary>
    public long LastPeakMemory(string stage) =>
        RunFolder.Of(recipeFolder).SelectMany(run => run.ReadJournal().Reverse())
            .Where(entry => (string?)entry["stage"] == stage)
            .Select(entry => (long?)entry["peak_memory"] ?? 0)
            .FirstOrDefault(peak => peak > 0);

    private static Dictionary<string, JsonObject> ReadIdentities(string recipeFolder)
    {
        Dictionary<string, JsonObject> identities = [];
        foreach (var entry in RunFolder.Of(recipeFolder).SelectMany(run => run.ReadJournal().Reverse()))
        {
            if (entry["identity"] is JsonObject identity && (string?)entry["stage"] is { } stage)
            {
                identities.TryAdd(stage, identity);
            }
        }

        return identities;
    }
}
