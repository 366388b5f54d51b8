using System.CommandLine;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Host.Arguments;

/// <summary>
/// The plugins of a command that reads no recipe: the shipped ones, and those of the files given by <c>--plugin</c>.
/// </summary>
public sealed class PluginOptions
{
    private readonly Option<string[]> _plugin = new("--plugin")
    {
        Description = "Adds the plugins of a C# file or an assembly, as 'plugins' in a recipe does. May be repeated.",
        HelpName = "file",
    };

    /// <summary>Adds the option to a command.</summary>
    public PluginOptions(Command command) => command.Add(_plugin);

    /// <summary>The plugins.</summary>
    /// <exception cref="RecipeException">A file cannot be used. The exception holds all problems.</exception>
    public PluginCatalog Catalog(ParseResult arguments)
    {
        var problems = new RecipeProblems();
        var names = (arguments.GetValue(_plugin) ?? []).Select(path => new PluginFileName(Path.GetFullPath(path), path, SourceLocation.Of($"--plugin {path}")));
        var (catalog, _) = new PluginFiles(SharedOptions.PluginCache(arguments)).AddTo(PluginCatalog.FromFolder(AppContext.BaseDirectory), names, problems);
        problems.ThrowIfAny();
        return catalog;
    }
}
