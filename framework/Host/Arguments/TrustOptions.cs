using System.CommandLine;
using Experiments.Contracts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Engine.Recipes;

namespace Experiments.Host.Arguments;

/// <summary>
/// Asks the user before code of a plugin file runs for the first time. The answer is remembered for the bytes of the
/// file, so that a changed file is asked about again.
/// </summary>
public sealed class TrustOptions
{
    private const int ShownDigits = 12;
    private readonly TrustStore _store = TrustStore.OfUser(TimeProvider.System, Console.Error.WriteLine);
    private readonly Option<bool> _trust = new("--trust")
    {
        Description = "Runs the code of plugin files without asking, and remembers it. "
            + "Default: a file that you have not run before, or that has changed, is asked about.",
    };

    private readonly Option<string[]> _decided = new(PluginFile.TrustedOption) { Hidden = true };

    /// <summary>Adds the options to a command.</summary>
    public TrustOptions(Command command)
    {
        command.Add(_trust);
        command.Add(_decided);
    }

    /// <summary>Whether an assembly in the cache was compiled for this user. Another one is compiled again.</summary>
    public Func<string, bool> IsCompiledByUser => _store.Contains;

    /// <summary>Whether the command line says that the files are trusted.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(_trust);

    /// <summary>The recipe, whose plugins may now be made.</summary>
    /// <exception cref="UsageException">The user does not trust a file, or cannot be asked.</exception>
    public CheckedRecipe Trusted(ParseResult arguments, CheckedRecipe recipe) =>
        recipe with { Catalog = Trusted(arguments, recipe.Catalog, recipe.Plugins) };

    /// <summary>The plugins, which may now be made.</summary>
    /// <exception cref="UsageException">The user does not trust a file, or cannot be asked.</exception>
    public PluginCatalog Trusted(ParseResult arguments, PluginCatalog catalog, IReadOnlyList<PluginFile> files)
    {
        Require(arguments, files);
        return files.Count == 0 ? catalog : catalog.Trusted();
    }

    /// <summary>Returns if the user trusts the files.</summary>
    /// <exception cref="UsageException">The user does not trust a file, or cannot be asked.</exception>
    public void Require(ParseResult arguments, IReadOnlyList<PluginFile> files)
    {
        var decided = arguments.GetValue(_decided) ?? [];
        PluginFile[] open = [.. files.Where(file => !_store.Contains(file.Source) && !decided.Contains(file.Source, StringComparer.Ordinal))];
        if (open.Length > 0 && !IsGiven(arguments))
        {
            Ask(open);
        }

        foreach (var file in decided.Length > 0 ? [] : files)
        {
            _store.Add(file.Source, file.Path);
            if (file is { AssemblyPath: { } compiled, AssemblyDigest: { } digest })
            {
                _store.Add(digest, compiled);
            }
        }
    }

    private void Ask(IReadOnlyList<PluginFile> files)
    {
        var named = files.Select(file => $"{Shown(file)} (sha256 {file.Source[..ShownDigits]}, {(_store.KnowsPath(file.Path) ? "changed" : "new")})").ToList();
        var remedy = $"Read {string.Join(", ", files.Select(Shown))}, then run again with --trust.";
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            throw new UsageException($"Plugin files with code that you have not run before: {string.Join(", ", named)}. {remedy}");
        }

        Console.Error.WriteLine("The code of these plugin files would run with all your rights, and you have not run it before:");
        named.ForEach(file => Console.Error.WriteLine($"  {file}"));
        Console.Error.Write("Run it? [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new UsageException($"Nothing was run. {remedy}");
        }
    }

    private static string Shown(PluginFile file) =>
        Path.GetRelativePath(Environment.CurrentDirectory, file.Path) is var near && near.StartsWith("..", StringComparison.Ordinal) ? file.Path : near;
}
