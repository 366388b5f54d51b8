using System.Text.Json.Nodes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Planning;

/// <summary>Compares two identities of a stage.</summary>
public static class IdentityDifference
{
    /// <summary>The differences, in the order of the identity.</summary>
    public static IReadOnlyList<IdentityChange> Between(JsonNode? old, JsonNode? now)
    {
        List<IdentityChange> changes = [];
        Compare(new("", old, now), changes);
        return changes;
    }

    private static void Compare(IdentityChange change, List<IdentityChange> changes)
    {
        if (JsonNode.DeepEquals(change.Old, change.Now))
        {
            return;
        }

        switch (change.Old, change.Now)
        {
            case (JsonObject old, JsonObject now) when Plugin(old) == Plugin(now):
                foreach (var name in old.Select(pair => pair.Key).Union(now.Select(pair => pair.Key)))
                {
                    Compare(new(FlatJson.Join(change.Path, name), old[name], now[name], Plugin(now) ?? change.Plugin), changes);
                }

                break;
            case (JsonArray old, JsonArray now) when change.Input is null:
                CompareItems(change, old, now, changes);
                break;
            default:
                changes.Add(change);
                break;
        }
    }

    /// <summary>
    /// Compares lists after removing their equal beginnings and ends, so that an item inserted in the middle is one
    /// difference.
    /// </summary>
    private static void CompareItems(IdentityChange list, JsonArray old, JsonArray now, List<IdentityChange> changes)
    {
        var shorter = Math.Min(old.Count, now.Count);
        var start = Enumerable.Range(0, shorter).TakeWhile(i => JsonNode.DeepEquals(old[i], now[i])).Count();
        var end = Enumerable.Range(1, shorter - start).TakeWhile(i => JsonNode.DeepEquals(old[^i], now[^i])).Count();
        var (oldEnd, newEnd) = (old.Count - end, now.Count - end);
        if (list.Old!.AsArray().Concat(now).All(item => item is JsonValue) && oldEnd != newEnd)
        {
            changes.Add(list); // a list of plain values is easiest to read as a whole
            return;
        }

        for (var i = start; i < Math.Max(oldEnd, newEnd); i++)
        {
            var isItem = i >= oldEnd || i >= newEnd;
            var item = new IdentityChange(FlatJson.Join(list.Path, $"{i}"), i < oldEnd ? old[i] : null, i < newEnd ? now[i] : null, list.Plugin, isItem);
            Compare(item, changes);
        }
    }

    private static string? Plugin(JsonObject map) => (string?)map["use"];
}
