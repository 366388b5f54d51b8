using Experiments.Engine.Plugins;

namespace Experiments.Engine.Recipes;

/// <summary>
/// The schema file that a recipe names for editors, in a comment at its beginning:
/// <c># yaml-language-server: $schema=../runs/recipe.schema.json</c>.
/// </summary>
/// <param name="Path">The full path.</param>
public sealed record SchemaFile(string Path)
{
    private const string Mark = "# yaml-language-server: $schema=";

    /// <summary>The name of the file that recipes share. It knows the shipped plugins only.</summary>
    public const string SharedName = "recipe.schema.json";

    /// <summary>The ending of the names of schema files.</summary>
    public const string Ending = ".schema.json";

    /// <summary>Whether recipes share it, so that it cannot know the plugins of one of them.</summary>
    public bool IsShared => System.IO.Path.GetFileName(Path) == SharedName;

    /// <summary>The file that a recipe names, or null if it names none.</summary>
    /// <param name="recipe">The path of the recipe.</param>
    public static SchemaFile? NamedBy(string recipe)
    {
        var named = File.ReadLines(recipe).TakeWhile(line => line.StartsWith('#') || string.IsNullOrWhiteSpace(line))
            .FirstOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal))?[Mark.Length..].Trim();
        return string.IsNullOrEmpty(named) || named.Contains("://", StringComparison.Ordinal)
            ? null
            : new(System.IO.Path.GetFullPath(named, System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(recipe))!));
    }

    /// <summary>The comment with which a recipe names the file.</summary>
    /// <param name="recipe">The path of the recipe.</param>
    public string Comment(string recipe) =>
        Mark + System.IO.Path.GetRelativePath(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(recipe))!, Path).Replace('\\', '/');

    /// <summary>Brings the file that a recipe names up to date.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="shipped">The shipped plugins.</param>
    /// <param name="runsFolder">
    /// The folder of runs. A file outside it, or with another ending, is left alone: a comment in a recipe does not decide
    /// what is overwritten.
    /// </param>
    public static void Refresh(CheckedRecipe recipe, PluginCatalog shipped, string runsFolder)
    {
        if (File.Exists(recipe.Path) && NamedBy(recipe.Path) is { } file && file.IsIn(runsFolder))
        {
            file.Write(file.IsShared ? shipped : recipe.Catalog);
        }
    }

    /// <summary>Writes the schema of recipes with some plugins, if the file does not hold it already.</summary>
    /// <returns>The schema.</returns>
    public string Write(PluginCatalog plugins)
    {
        var schema = RecipeSchema.Write(plugins);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        if (!File.Exists(Path) || File.ReadAllText(Path) != schema)
        {
            var temporary = $"{Path}.tmp-{Environment.ProcessId}";
            File.WriteAllText(temporary, schema);
            File.Move(temporary, Path, overwrite: true);
        }

        return schema;
    }

    private bool IsIn(string folder) =>
        Path.EndsWith(Ending, StringComparison.Ordinal)
        && Path.StartsWith(System.IO.Path.GetFullPath(folder).TrimEnd(System.IO.Path.DirectorySeparatorChar) + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
