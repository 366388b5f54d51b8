using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>A value of a resolved recipe, with the node that knows where it was written.</summary>
/// <param name="Path">Its path: <c>stages.base.with.steps</c>; empty for the whole recipe.</param>
/// <param name="Json">The value.</param>
/// <param name="Written">The node, or null for a default.</param>
internal sealed record ResolvedValue(string Path, JsonNode? Json, RecipeNode? Written)
{
    private static readonly string[] RecipeOrder = ["name", "seed", "tracking", "plugins", "vars", "stages"];
    private static readonly string[] StageOrder = ["use", "inputs", "with", "run", "expect"];

    /// <summary>The values in it. In a mapping, written values come first, in their order, then the defaults.</summary>
    public IEnumerable<(string Key, ResolvedValue Value)> Children => Json switch
    {
        JsonObject map => Ordered(map).Select(key => (key, Child(key, map[key]))),
        JsonArray list => list
            .Select((item, index) => (Key: index.ToString(CultureInfo.InvariantCulture), item))
            .Select(each => (each.Key, Child(each.Key, each.item))),
        _ => [],
    };

    /// <summary>Whether it holds no other values.</summary>
    public bool IsLeaf => Json is not (JsonObject { Count: > 0 } or JsonArray { Count: > 0 });

    /// <summary>The whole recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="isWhole">
    /// Whether to include what a resolved recipe leaves out: <c>vars</c>, and the tracker if it is the default.
    /// </param>
    public static ResolvedValue Of(CheckedRecipe recipe, bool isWhole = false)
    {
        var json = recipe.Resolved;
        if (isWhole)
        {
            json = json.DeepClone().AsObject();
            json["tracking"]!["tracker"] ??= JsonObject.Create(recipe.Tracking.Tracker.Recipe);
            if (recipe.Written["vars"] is { } variables)
            {
                json["vars"] = variables.ToJson();
            }
        }

        return new("", json, recipe.Written);
    }

    private ResolvedValue Child(string key, JsonNode? json) => new(Path.Length == 0 ? key : $"{Path}.{key}", json, WrittenAs(key));

    private RecipeNode? WrittenAs(string key) => (Written, Json) switch
    {
        (MappingNode map, _) => map[key],
        (SequenceNode list, _) => list.Items[int.Parse(key, CultureInfo.InvariantCulture)],
        (ScalarNode name, JsonObject plugin) when plugin.ContainsKey("use") => key == "use" ? name : null,
        (ScalarNode single, JsonArray) => single,
        _ => null,
    };

    private IEnumerable<string> Ordered(JsonObject map)
    {
        var isStage = Path.StartsWith("stages.", StringComparison.Ordinal) && Path.IndexOf('.') == Path.LastIndexOf('.');
        string[] first = Path.Length == 0 ? RecipeOrder : isStage ? StageOrder : ["use", .. (Written as MappingNode)?.Entries.Select(entry => entry.Key) ?? []];
        return first.Where(map.ContainsKey).Concat(map.Select(entry => entry.Key)).Distinct();
    }
}
