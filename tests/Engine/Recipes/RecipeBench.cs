using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Recipes;

/// <summary>A folder of recipes and data, in which recipes are read.</summary>
internal sealed class RecipeBench : IDisposable
{
    public static readonly PluginCatalog Catalog = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly);
    private readonly string _root = Directory.CreateTempSubdirectory("lab-recipes-").FullName;

    public RecipeBench() => Write("data/a.txt", "one\n").Write("data/b.txt", "two\n");

    public Dictionary<string, string> Environment { get; } = [];

    public string Root => _root;

    /// <summary>The folder for compiled plugins, or null to keep none.</summary>
    public string? PluginCache { get; set; }

    public RecipeBench Write(string path, string text)
    {
        var full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return this;
    }

    public CheckedRecipe Read(string recipe, string? profile = null, params string[] sets) => Write("r.yaml", recipe).ReadFile("r.yaml", profile, sets);

    public CheckedRecipe ReadFile(string path, string? profile = null, params string[] sets) =>
        new RecipeReader(Catalog) { WorkingDirectory = _root, EnvironmentVariables = Environment.GetValueOrDefault, PluginCache = PluginCache }.Read(path, new() { Profile = profile, Sets = sets });

    /// <summary>
    /// The explanation where a value of the recipe in <c>r.yaml</c> comes from, without the spaces that only align it.
    /// </summary>
    public string Explain(string path, string? profile = null, params string[] sets)
    {
        var lines = Explanation.Of(ReadFile("r.yaml", profile, sets), Catalog, path).ToString().TrimEnd().Split('\n');
        return string.Join('\n', lines.Select(line => line[..(line.Length - line.TrimStart().Length)] + string.Join("  ", line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))));
    }

    /// <summary>The problems of a recipe, one per line.</summary>
    public string Problems(string recipe, string? profile = null, params string[] sets) =>
        Should.Throw<RecipeException>(() => Read(recipe, profile, sets)).Message.Replace(_root, "ROOT", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
