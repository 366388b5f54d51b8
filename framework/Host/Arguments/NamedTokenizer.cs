using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;

namespace Experiments.Host.Arguments;

/// <summary>A tokenizer that a user named.</summary>
/// <param name="Name">The name to show.</param>
/// <param name="Tokenizer">The tokenizer.</param>
public sealed record NamedTokenizer(string Name, ITokenizer Tokenizer)
{
    private const string Fallback = "cl100k_base";

    /// <summary>Opens a folder, a file, a published tokenizer, or the newest tokenizer that a stage made.</summary>
    /// <param name="name">The name; null for the newest tokenizer of the runs, or cl100k_base if there is none.</param>
    /// <param name="runsFolder">The folder of runs and artifacts.</param>
    /// <param name="plugins">The plugins.</param>
    /// <exception cref="InvalidDataException">There is no tokenizer of that name. The message lists the known
    /// names.</exception>
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

        var made = new ArtifactLookup(runsFolder, nameof(Tokenizer));
        if (made.MadeBy(name) is { } artifact)
        {
            return new(name, plugins.OpenTokenizer(artifact.Folder));
        }

        string[] opens = [.. plugins.All<ITokenizerFormat>().Select(format => format.Opens)];
        throw new InvalidDataException(
            $"'{name}' is neither a tokenizer that a plugin can open nor a stage that made one in {runsFolder}."
            + $"{made.Guess(name, opens.SelectMany(text => text.Split([' ', ',', ';'])))} Known: {string.Join("; ", opens)}");
    }
}
