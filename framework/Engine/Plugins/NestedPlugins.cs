using System.Text.Json.Nodes;

namespace Experiments.Engine.Plugins;

/// <summary>The plugins inside options.</summary>
internal static class NestedPlugins
{
    /// <summary>A plugin and all plugins that its options name, each once.</summary>
    /// <param name="catalog">Finds the plugins.</param>
    /// <param name="plugin">The plugin.</param>
    /// <param name="options">All its options as JSON.</param>
    public static IReadOnlyList<PluginDescription> Of(PluginCatalog catalog, PluginDescription plugin, JsonObject options) =>
        [.. All(catalog, plugin, options).Distinct()];

    private static IEnumerable<PluginDescription> All(PluginCatalog catalog, PluginDescription plugin, JsonObject options) =>
        [plugin, .. plugin.Shape is { } shape ? In(catalog, shape, options) : []];

    private static IEnumerable<PluginDescription> In(PluginCatalog catalog, ValueShape shape, JsonNode? value) => (shape, value) switch
    {
        (PluginShape nested, JsonObject options) => All(catalog, catalog.Find(nested.KindName, (string)options["use"]!)!, options),
        (RecordShape record, JsonObject options) => record.Options.SelectMany(option => In(catalog, option.Shape, options[option.Name])),
        (ListShape list, JsonArray items) => items.SelectMany(item => In(catalog, list.Item, item)),
        (MapShape map, JsonObject items) => items.SelectMany(item => In(catalog, map.Item, item.Value)),
        _ => [],
    };
}
