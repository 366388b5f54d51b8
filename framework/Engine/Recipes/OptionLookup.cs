using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Plugins;

namespace Experiments.Engine.Recipes;

/// <summary>Finds the option that a value of a recipe belongs to.</summary>
internal static class OptionLookup
{
    /// <summary>The option and its owner; null for a value that is not part of an option.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="path">The values from the outermost to the one to look up, each with its key.</param>
    public static (OptionDescription Option, string Owner)? Find(CheckedRecipe recipe, PluginCatalog catalog, IReadOnlyList<(string Key, ResolvedValue Value)> path)
    {
        var keys = path.Select(step => step.Key).ToList();
        var stage = keys is ["stages", var name, ..] ? recipe.Stages.First(stage => stage.Name == name) : null;
        return keys switch
        {
            ["tracking", ..] => Below(catalog.ShapeOf(typeof(TrackingSettings)), "tracking", path.Skip(1)),
            [_, _, "run", ..] => Below(catalog.ShapeOf(typeof(RunSettings)), "run", path.Skip(3)),
            [_, _, "with", ..] when stage?.Plugin is { Shape: { } shape } plugin => Below(shape, Named(plugin), path.Skip(3)),
            _ => null,
        };

        (OptionDescription, string)? Below(ValueShape shape, string owner, IEnumerable<(string Key, ResolvedValue Value)> steps)
        {
            (OptionDescription, string)? found = null;
            foreach (var (key, value) in steps)
            {
                if (shape is RecordShape record && record.Options.FirstOrDefault(option => option.Name == key) is { } option)
                {
                    (found, shape) = ((option, owner), option.Shape);
                }
                else
                {
                    shape = shape switch { ListShape list => list.Item, MapShape map => map.Item, _ => shape };
                }

                if (shape is PluginShape kind && value.Json is JsonObject json && catalog.Find(kind.KindName, (string)json["use"]!) is { } plugin)
                {
                    (shape, owner) = (plugin.Shape ?? shape, Named(plugin));
                }
            }

            return found;
        }
    }

    private static string Named(PluginDescription plugin) => $"{plugin.Kind} '{plugin.Name}'";
}
