using System.CommandLine;
using Experiments.Contracts;
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

    private readonly TrustOptions? _trust;

    /// <summary>Adds the option to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="runs">Whether the command runs the plugins, so that the user must trust the files.</param>
    public PluginOptions(Command command, bool runs)
    {
        command.Add(_plugin);
        _trust = runs ? new(command) : null;
    }

    /// <summary>The plugins.</summary>
    /// <exception cref="RecipeException">A file cannot be used. The exception holds all problems.</exception>
    /// <exception cref="UsageException">The user does not trust a file, or cannot be asked.</exception>
    public PluginCatalog Catalog(ParseResult arguments)
    {
        var problems = new RecipeProblems();
        var names = (arguments.GetValue(_plugin) ?? []).Select(path => new PluginFileName(Path.GetFullPath(path), path, SourceLocation.Of($"--plugin {path}")));
        var (catalog, files) = new PluginFiles(SharedOptions.PluginCache(arguments), _trust?.IsCompiledByUser).AddTo(PluginCatalog.FromFolder(AppContext.BaseDirectory), names, problems);
        problems.ThrowIfAny();
        return _trust is null ? catalog : _trust.Trusted(arguments, catalog, files);
    }
}
