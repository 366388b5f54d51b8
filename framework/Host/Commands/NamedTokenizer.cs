using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;

namespace Experiments.Host.Commands;

/// <summary>A tokenizer as a user names it.</summary>
/// <param name="Name">What it is called in what is shown.</param>
/// <param name="Tokenizer">The tokenizer.</param>
public sealed record NamedTokenizer(string Name, ITokenizer Tokenizer)
{
    private const string Fallback = "cl100k_base";

    /// <summary>Opens a folder, a file, a published tokenizer, or what a stage made: the newest one in the folder of runs.</summary>
    /// <param name="name">The name; null takes the newest tokenizer of the runs, or cl100k_base where there is none.</param>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    /// <param name="plugins">The plugins.</param>
    /// <exception cref="InvalidDataException">Nothing of that name is a tokenizer; the message says what is.</exception>
    public static NamedTokenizer Open(string? name, string runsFolder, PluginCatalog plugins)
    {
        if (name is null)
        {
            return new ArtifactLookup(runsFolder, nameof(Tokenizer)).Newest() is { } newest
                ? new(Path.GetRelativePath(Environment.CurrentDirectory, newest.Folder), plugins.OpenTokenizer(newest.Folder))
                : new(Fallback, plugins.OpenTokenizer(Fallback));
        }

        if (plugins.All<ITokenizerFormat>().Any(format => format.CanOpen(name)))
        {
            return new(name, plugins.OpenTokenizer(name));
        }

        return new ArtifactLookup(runsFolder, nameof(Tokenizer)).MadeBy(name) is { } made
            ? new(name, plugins.OpenTokenizer(made.Folder))
            : throw new InvalidDataException(
                $"'{name}' is no tokenizer that a plugin can open, nor a stage that made one in {runsFolder}. "
                + $"Known: {string.Join("; ", plugins.All<ITokenizerFormat>().Select(format => format.Opens))}");
    }
}
