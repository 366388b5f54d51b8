namespace Experiments.Plugins.Filters;

/// <summary>
/// The word n-grams of one text. Each different word has a number, and an n-gram is identified by a hash of n numbers.
/// </summary>
internal sealed class WordGrams
{
    private readonly int[] _words;
    private readonly long[] _lengthBefore;

    public WordGrams(string text)
    {
        var ranges = Words.Split(text);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var lookup = numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        _words = new int[ranges.Count];
        _lengthBefore = new long[ranges.Count + 1];
        for (var i = 0; i < _words.Length; i++)
        {
            var word = text.AsSpan(ranges[i]);
            if (!lookup.TryGetValue(word, out _words[i]))
            {
                lookup[word] = _words[i] = numbers.Count + 1;
            }

            _lengthBefore[i + 1] = _lengthBefore[i] + Words.Length(word);
        }
    }

    /// <summary>
    /// Characters in all occurrences of the most frequent n-gram, its words joined by spaces. If several are equally
    /// frequent, the first one counts.
    /// </summary>
    public long TopCharacters(int n)
    {
        var counts = new Dictionary<ulong, (int Count, int First)>();
        for (var i = 0; i <= _words.Length - n; i++)
        {
            var gram = Hash(i, n);
            var (count, first) = counts.GetValueOrDefault(gram, (0, i));
            counts[gram] = (count + 1, first);
        }

        if (counts.Count == 0)
        {
            return 0;
        }

        var top = counts.Values.OrderByDescending(entry => entry.Count).ThenBy(entry => entry.First).First();
        return (Characters(top.First, n) + n - 1) * top.Count;
    }

    /// <summary>Characters in n-grams that repeat an earlier one, without the spaces between words.</summary>
    public long DuplicateCharacters(int n)
    {
        var seen = new HashSet<ulong>();
        var characters = 0L;
        for (var i = 0; i <= _words.Length - n;)
        {
            if (seen.Add(Hash(i, n)))
            {
                i++;
            }
            else
            {
                characters += Characters(i, n);
                i += n;
            }
        }

        return characters;
    }

    private long Characters(int start, int n) => _lengthBefore[start + n] - _lengthBefore[start];

    private ulong Hash(int start, int n)
    {
        var hash = 0UL;
        for (var i = start; i < start + n; i++)
        {
            hash = (hash ^ (uint)_words[i]) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
        }

        return hash;
    }
}
