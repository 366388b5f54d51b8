using System.Text.Json.Nodes;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Reads <c>plugins:</c>, the plugin files that a recipe names.</summary>
/// <param name="files">Loads the files.</param>
/// <param name="problems">Collects the problems.</param>
/// <param name="workingDirectory">The folder to which paths in an argument are relative. Paths in a recipe are relative
/// to the recipe's folder.</param>
internal sealed class PluginsReader(PluginFiles files, RecipeProblems problems, string workingDirectory)
{
    /// <summary>Adds the plugins of the files to a catalog.</summary>
    /// <param name="catalog">The shipped plugins.</param>
    /// <param name="node">A path, a list of paths, or null for none.</param>
    public (PluginCatalog Catalog, IReadOnlyList<PluginFile> Files) Read(PluginCatalog catalog, RecipeNode? node)
    {
        IReadOnlyList<RecipeNode> written = node is SequenceNode list ? list.Items : node is null or ScalarNode { IsNull: true } ? [] : [node];
        List<PluginFileName> names = [];
        foreach (var path in written)
        {
            if (path is ScalarNode { IsNull: false } scalar && Name(scalar) is { } name)
            {
                names.Add(name);
            }
            else if (path is not BrokenNode)
            {
                problems.Add(path.Location, $"'plugins' wants the path of a C# file or an assembly, or a list of paths, not {path.Describe()}.");
            }
        }

        var (extended, loaded) = files.AddTo(catalog, names, problems);
        return (names.Count < written.Count ? extended.AsPartial() : extended, loaded);
    }

    /// <summary>The entry <c>plugins</c> of a resolved recipe; no entry when there are no files.</summary>
    public static IEnumerable<KeyValuePair<string, JsonNode?>> Resolved(IReadOnlyList<PluginFile> files)
    {
        if (files.Count > 0)
        {
            yield return new("plugins", new JsonArray([.. files.Select(file => JsonValue.Create(ReferenceSyntax.Escape(file.Path)))]));
        }
    }

    private PluginFileName? Name(ScalarNode written)
    {
        var place = written.Location;
        var folder = place.Line == 0 ? "" : Path.GetDirectoryName(place.File)!; // an argument has no lines
        if (RecipePath.Full(written.Text, Path.GetFullPath(folder, workingDirectory)) is not { } path)
        {
            return null;
        }

        var isFull = Path.IsPathRooted(written.Text) || Path.IsPathRooted(folder);
        return new(path, isFull ? path : Path.GetRelativePath(workingDirectory, path), place);
    }
}
