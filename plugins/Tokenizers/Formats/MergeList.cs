using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>Collects the merges of a file. The first one has rank 0.</summary>
/// <param name="names">The tokens.</param>
/// <param name="place">Gives the place of a merge in its file, by the number with which it was added.</param>
internal sealed class MergeList(TokenNames names, Func<int, string> place)
{
    private readonly List<Merge> _merges = [];
    private readonly Dictionary<TokenPair, int> _seen = [];

    /// <summary>The merges so far.</summary>
    public IReadOnlyList<Merge> Merges => _merges;

    /// <summary>Adds a merge.</summary>
    /// <param name="parts">The names of the two tokens.</param>
    /// <param name="number">Number of the merge in its file.</param>
    /// <exception cref="InvalidDataException">
    /// The merge is not a pair, was added before, or one of its three tokens is not in the vocabulary.
    /// </exception>
    public void Add(string[] parts, int number)
    {
        if (parts is not [var left, var right] || left.Length == 0 || right.Length == 0)
        {
            throw new InvalidDataException($"{place(number)}: {string.Join(' ', parts)} is not a pair.");
        }

        var pair = new TokenPair(Id(left), Id(right));
        if (!_seen.TryAdd(pair, number))
        {
            throw new InvalidDataException($"{place(number)}: '{left}' + '{right}' was merged before, at {place(_seen[pair])}.");
        }

        _merges.Add(new(pair, Id(left + right), _merges.Count));

        int Id(string name) => names.Find(name) ?? throw new InvalidDataException($"{place(number)}: '{name}' is not in the vocabulary.");
    }
}
