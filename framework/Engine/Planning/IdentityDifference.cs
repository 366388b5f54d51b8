using System.Text.Json.Nodes;

namespace Experiments.Engine.Planning;

/// <summary>Says what distinguishes two identities of one stage.</summary>
public static class IdentityDifference
{
    private const int LongestValue = 40;

    /// <summary>The differences, one phrase each: <c>options.width: 96 -> 128</c>.</summary>
    public static IReadOnlyList<string> Between(JsonNode? old, JsonNode? now)
    {
        List<string> differences = [];
        Compare("", old, now, differences);
        return differences;
    }

    private static void Compare(string path, JsonNode? old, JsonNode? now, List<string> differences)
    {
        if (JsonNode.DeepEquals(old, now))
        {
            return;
        }

        if (path.StartsWith("inputs.", StringComparison.Ordinal))
        {
            differences.Add($"input '{path["inputs.".Length..]}' has other content");
        }
        else if (old is JsonObject oldMap && now is JsonObject newMap)
        {
            foreach (var name in oldMap.Select(pair => pair.Key).Union(newMap.Select(pair => pair.Key)))
            {
                Compare(path.Length == 0 ? name : $"{path}.{name}", oldMap[name], newMap[name], differences);
            }
        }
        else if (old is JsonArray oldList && now is JsonArray newList && oldList.Count == newList.Count)
        {
            for (var i = 0; i < oldList.Count; i++)
            {
                Compare($"{path}[{i}]", oldList[i], newList[i], differences);
            }
        }
        else
        {
            differences.Add($"{path}: {Show(old)} -> {Show(now)}");
        }
    }

    private static string Show(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "unset";
        return text.Length <= LongestValue ? text : text[..LongestValue] + "...";
    }
}
