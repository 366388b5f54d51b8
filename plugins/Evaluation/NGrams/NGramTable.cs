using System.Numerics;

namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>
/// All n-grams of one order, sorted by their context and then by their last word. An n-gram's number is its index. Its
/// context is the number of its first n-1 words in the table of the order below, so n-grams with the same context are
/// adjacent.
/// </summary>
internal sealed class NGramTable
{
    private readonly ulong[] _keys;
    private readonly int[] _starts;
    private readonly int _wordBits;

    private NGramTable(ulong[] keys, int[] counts, int contexts, int wordBits)
    {
        (_keys, Counts, _wordBits) = (keys, counts, wordBits);
        _starts = new int[contexts + 1];
        foreach (var key in keys)
        {
            _starts[(int)(key >> wordBits) + 1]++;
        }

        for (var context = 0; context < contexts; context++)
        {
            _starts[context + 1] += _starts[context];
        }
    }

    /// <summary>
    /// How often each n-gram occurs; in an order below the highest, how many different words precede it.
    /// </summary>
    public int[] Counts { get; private set; }

    /// <summary>Number of n-grams.</summary>
    public int Length => _keys.Length;

    /// <summary>The n-grams with a context.</summary>
    public Range Of(int context) => _starts[context].._starts[context + 1];

    /// <summary>The number of an n-gram, or -1 if it never occurred.</summary>
    public int Find(int context, int word)
    {
        var (start, length) = Of(context).GetOffsetAndLength(Length);
        var place = Array.BinarySearch(_keys, start, length, ((ulong)context << _wordBits) | (uint)word);
        return place < 0 ? -1 : place;
    }

    /// <summary>Counts the n-grams of the next order.</summary>
    /// <param name="words">The words of all shards, one shard after the other.</param>
    /// <param name="isFirst">Whether each word begins a shard. No n-gram crosses from one shard into the next.</param>
    /// <param name="numbers">
    /// For each place, the number of the (n-1)-gram that ends there, or -1. It is replaced with the number of the
    /// n-gram that ends there. All zero at order 1.
    /// </param>
    /// <param name="below">
    /// The table of the order below, or null at order 1. Its counts are replaced with the numbers of different
    /// preceding words.
    /// </param>
    /// <param name="vocabularySize">All words are below it.</param>
    /// <param name="workspace">Buffers for sorting.</param>
    public static NGramTable Next(int[] words, bool[] isFirst, int[] numbers, NGramTable? below, int vocabularySize, (ulong[] Keys, int[] Places, RadixSort Sort) workspace)
    {
        var (keys, places, sort) = workspace;
        var wordBits = 32 - BitOperations.LeadingZeroCount((uint)Math.Max(1, vocabularySize - 1));
        var contexts = below?.Length ?? 1;
        var count = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var context = below is null ? 0 : isFirst[i] ? -1 : numbers[i - 1];
            if (context >= 0)
            {
                (keys[count], places[count]) = (((ulong)context << wordBits) | (uint)words[i], i);
                count++;
            }
        }

        sort.Sort(keys, places, count, wordBits + 32 - BitOperations.LeadingZeroCount((uint)contexts));
        var following = new int[words.Length];
        Array.Fill(following, -1);
        var behind = new int[contexts];
        var (distinct, counts) = Distinct(keys, places, count, following, numbers, below is null ? null : behind);
        if (below is not null)
        {
            CountBeginnings(numbers, following, behind);
            below.Counts = behind;
        }

        following.CopyTo(numbers, 0);
        return new(distinct, counts, contexts, wordBits);
    }

    /// <summary>
    /// The distinct keys with their counts. Each distinct n-gram adds one to the number of different words before the
    /// (n-1)-gram at its end.
    /// </summary>
    private static (ulong[] Keys, int[] Counts) Distinct(ulong[] keys, int[] places, int count, int[] following, int[] numbers, int[]? behind)
    {
        var length = 0;
        for (var i = 0; i < count; i++)
        {
            length += i == 0 || keys[i] != keys[i - 1] ? 1 : 0;
        }

        var (distinct, counts, last) = (new ulong[length], new int[length], -1);
        for (var i = 0; i < count; i++)
        {
            if (last < 0 || keys[i] != distinct[last])
            {
                distinct[++last] = keys[i];
                if (behind is not null)
                {
                    behind[numbers[places[i]]]++;
                }
            }

            counts[last]++;
            following[places[i]] = last;
        }

        return (distinct, counts);
    }

    /// <summary>The beginning of a shard counts as one more word that precedes an n-gram.</summary>
    private static void CountBeginnings(int[] numbers, int[] following, int[] behind)
    {
        HashSet<int> beginnings = [];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (following[i] < 0 && numbers[i] >= 0 && beginnings.Add(numbers[i]))
            {
                behind[numbers[i]]++;
            }
        }
    }
}
