using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Reads recipes: merges, interpolates, binds and checks them. All problems are reported at once.</summary>
/// <param name="catalog">Returns the shipped plugins. It is called after the recipe's files were read.</param>
public sealed class RecipeReader(Func<PluginCatalog> catalog)
{
    /// <summary>A reader with the given shipped plugins.</summary>
    public RecipeReader(PluginCatalog plugins)
        : this(() => plugins)
    {
    }

    /// <summary>The keys of a recipe.</summary>
    internal static readonly string[] Keys = ["name", "extends", "seed", "vars", "plugins", "tracking", "stages", "profiles", "sweep", "secrets"];

    /// <summary>Folders of the folder of runs that hold something else than a recipe's runs.</summary>
    internal static readonly string[] ReservedNames = ["artifacts", "plugins", "mlruns"];

    /// <summary>The folder to which paths are relative. Default: the current directory of the process.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Returns an environment variable's value, or null. Default: the variables of the process.</summary>
    public Func<string, string?> EnvironmentVariables { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>
    /// The folder that keeps the compiled plugins of recipes. Default: null, they are compiled again for each reading.
    /// </summary>
    public string? PluginCache { get; init; }

    /// <summary>
    /// Whether to use a compiled assembly of the cache, by the SHA-256 of its bytes. Default: null, all are used. A
    /// command that runs them must know where they come from.
    /// </summary>
    public Func<string, bool>? AcceptsCompiled { get; init; }

    private PluginFiles PluginFiles => field ??= new(PluginCache, AcceptsCompiled);

    /// <summary>
    /// Whether to run the code of the recipe's plugin files, so that their own rules are checked. Default: none of it is
    /// run.
    /// </summary>
    public Func<IReadOnlyList<PluginFile>, bool> RunsCodeOf { get; init; } = _ => false;

    /// <summary>Reads a recipe.</summary>
    /// <param name="path">The file, relative to the working directory.</param>
    /// <param name="arguments">The profile and the settings to apply; null for none.</param>
    /// <exception cref="RecipeException">Something is wrong. The exception holds all problems.</exception>
    public CheckedRecipe Read(string path, RecipeArguments? arguments = null)
    {
        var problems = new RecipeProblems();
        var source = new RecipeSource(WorkingDirectory, problems);
        var written = source.Read(path, arguments ?? new());
        foreach (var entry in written.Entries.Where(entry => !Keys.Contains(entry.Key)))
        {
            problems.Add(entry.Location, Suggestion.No("recipe key", entry.Key, "keys", Keys));
        }

        var defaultName = System.IO.Path.GetFileNameWithoutExtension(path);
        if (written["vars"] is not (null or MappingNode or ScalarNode { IsNull: true }))
        {
            problems.Add(written["vars"]!.Location, $"'vars' wants a mapping of names to values, not {written["vars"]!.Describe()}.");
        }

        DeclareSecrets(written["secrets"], problems);
        var secrets = problems.Secrets;
        var interpolator = new Interpolator(written, defaultName, EnvironmentVariables, secrets, problems);
        var files = new FilePatterns(WorkingDirectory);
        var expansion = new ForeachExpansion(interpolator, problems, files, WorkingDirectory);
        var recipe = written with
        {
            Entries =
            [
                .. from entry in written.Entries
                   where entry.Key is not ("extends" or "profiles")
                   select entry with { Value = entry.Key == "stages" ? expansion.Expand(entry.Value) : interpolator.Resolve(entry.Value) },
            ],
        };

        var name = ReadName(recipe["name"], recipe.Location, defaultName, problems);
        var seed = ReadSeed(recipe["seed"], problems);
        var (described, pluginFiles) = new PluginsReader(PluginFiles, problems, WorkingDirectory).Read(catalog(), recipe["plugins"]);
        var plugins = RunsCodeOf(pluginFiles) ? described.InWorker() : described;
        var binder = new OptionsBinder(plugins, problems) { WorkingDirectory = WorkingDirectory };
        var (tracking, trackingJson) = binder.BindRecord<TrackingSettings>(recipe["tracking"], recipe.Location, "tracking");
        tracking = tracking with { Experiment = secrets.Hide(tracking.Experiment ?? name) };
        trackingJson["experiment"] = tracking.Experiment;
        var (stages, resolved, writtenStages) = new StageReader(plugins, binder, expansion.Groups, problems, files).Read(recipe["stages"], recipe.Location);
        var sweep = new SweepReader(binder, problems, (target, place) => source.IsSettable(written, target.Split('.'), place))
            .Read(recipe["sweep"], seed, [.. writtenStages.Entries.Select(entry => entry.Key)], stages);
        problems.ThrowIfAny();
        return new()
        {
            Name = name,
            Seed = seed,
            Path = path,
            Arguments = arguments ?? new(),
            Tracking = tracking,
            Stages = stages,
            Written = recipe with { Entries = [.. recipe.Entries.Select(entry => entry.Key == "stages" ? entry with { Value = writtenStages } : entry)] },
            Plugins = pluginFiles,
            Catalog = plugins,
            Sweep = sweep,
            Secrets = secrets,
            Resolved = secrets.Hide(CanonicalJson.Object([
                KeyValuePair.Create<string, JsonNode?>("name", name),
                .. PluginsReader.Resolved(pluginFiles),
                KeyValuePair.Create<string, JsonNode?>("seed", seed),
                KeyValuePair.Create("tracking", ReferenceSyntax.Escape(trackingJson)),
                KeyValuePair.Create<string, JsonNode?>("stages", resolved),
            ])),
        };
    }

    private static void DeclareSecrets(RecipeNode? node, RecipeProblems problems)
    {
        IReadOnlyList<RecipeNode> names = node is SequenceNode list ? list.Items : node is null or ScalarNode { IsNull: true } ? [] : [node];
        foreach (var name in names)
        {
            if (name is ScalarNode { IsNull: false, Text.Length: > 0 } variable)
            {
                problems.Secrets.Declare(variable.Text);
            }
            else if (name is not BrokenNode)
            {
                problems.Add(name.Location, $"'secrets' wants the names of environment variables whose values must not be shown, such as [HF_LOGIN], not {name.Describe()}.");
            }
        }
    }

    /// <summary>The shipped plugins, and those of the files that a recipe names. Its stages may be wrong.</summary>
    /// <param name="path">The file, relative to the working directory.</param>
    /// <exception cref="RecipeException">The recipe or a plugin file cannot be read. The exception holds all problems.</exception>
    public PluginCatalog ReadPlugins(string path)
    {
        var problems = new RecipeProblems();
        var written = new RecipeSource(WorkingDirectory, problems).Read(path, new());
        problems.ThrowIfAny();
        var interpolator = new Interpolator(written, System.IO.Path.GetFileNameWithoutExtension(path), EnvironmentVariables, problems.Secrets, problems);
        var named = written["plugins"] is { } files ? interpolator.Resolve(files) : null;
        var (plugins, _) = new PluginsReader(PluginFiles, problems, WorkingDirectory).Read(catalog(), named);
        problems.ThrowIfAny();
        return plugins;
    }

    private static string ReadName(RecipeNode? node, SourceLocation place, string defaultName, RecipeProblems problems)
    {
        var name = node is ScalarNode { IsNull: false } scalar ? scalar.Text : defaultName;
        if (ReservedNames.Contains(name))
        {
            problems.Add(node?.Location ?? place, $"the name '{name}' is taken: the folder of runs has a folder of that name for other things. {(node is null ? "Without 'name', a recipe is named after its file. Add 'name', or rename the file" : "Choose another name")}.");
        }

        if (node is ScalarNode { IsNull: false }
            && name.Length > 0
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            && char.IsAsciiLetterOrDigit(name[0]))
        {
            return name;
        }

        if (node is not (null or BrokenNode))
        {
            problems.Add(node.Location, $"'name' wants letters, digits, '-', '_' and '.', because folders are named after it, not {node.Describe()}.");
        }

        return defaultName;
    }

    private static ulong ReadSeed(RecipeNode? node, RecipeProblems problems)
    {
        if (node is ScalarNode scalar && ScalarText.Whole(scalar.Text) is { } seed && seed >= 0 && seed <= ulong.MaxValue)
        {
            return (ulong)seed;
        }

        if (node is not (null or BrokenNode))
        {
            problems.Add(node.Location, $"'seed' wants a whole number, 0 to {ulong.MaxValue}, not {node.Describe()}.");
        }

        return 1;
    }
}
