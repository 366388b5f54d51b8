using System.Text.Json;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>JSON as a piece of a recipe.</summary>
internal static class JsonRecipe
{
    /// <summary>The nodes, all with the same location.</summary>
    public static RecipeNode Read(JsonElement json, SourceLocation location) => json.ValueKind switch
    {
        JsonValueKind.Object => new MappingNode(location, [.. json.EnumerateObject().Select(property => new MappingEntry(property.Name, location, Read(property.Value, location)))]),
        JsonValueKind.Array => new SequenceNode(location, [.. json.EnumerateArray().Select(item => Read(item, location))]),
        JsonValueKind.String => new ScalarNode(location, json.GetString()!, IsPlain: false),
        JsonValueKind.Undefined => new ScalarNode(location, ""),
        _ => new ScalarNode(location, json.GetRawText()),
    };
}
