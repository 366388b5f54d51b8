namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>
/// The interpolated n-gram model with modified Kneser-Ney smoothing of Chen and Goodman (1998): p(w | h) = (c(hw) -
/// D(c(hw))) / c(h) + γ(h) · p(w | h'), where h' is h without its first word. The count of an n-gram below the highest
/// order is the number of different words before it. The recursion ends with a uniform distribution over the
/// vocabulary.
/// </summary>
internal sealed class KneserNeyModel
{
    private readonly NGramTable[] _tables;
    private readonly Discounts[] _discounts;
    private readonly Statistics _words;
    private readonly int _vocabularySize;

    /// <summary>Counts the n-grams of shards.</summary>
    /// <param name="shards">The words of each shard. No n-gram crosses from one shard into the next.</param>
    /// <param name="order">Length of the longest n-gram. Unit: words.</param>
    /// <param name="vocabularySize">All words are below it.</param>
    /// <param name="onOrder">Called after each order is counted, with the order.</param>
    public KneserNeyModel(IReadOnlyList<int[]> shards, int order, int vocabularySize, Action<int>? onOrder = null)
    {
        _vocabularySize = vocabularySize;
        int[] words = [.. shards.SelectMany(shard => shard)];
        var isFirst = new bool[words.Length];
        var start = 0;
        foreach (var shard in shards.Where(shard => shard.Length > 0))
        {
            isFirst[start] = true;
            start += shard.Length;
        }

        var (numbers, workspace) = (new int[words.Length], (new ulong[words.Length], new int[words.Length], new RadixSort(words.Length)));
        _tables = new NGramTable[order];
        for (var i = 0; i < order; i++)
        {
            _tables[i] = NGramTable.Next(words, isFirst, numbers, i == 0 ? null : _tables[i - 1], vocabularySize, workspace);
            onOrder?.Invoke(i + 1);
        }

        _discounts = [.. _tables.Select(table => Discounts.Of(table.Counts))];
        _words = Look(0, context: 0);
    }

    /// <summary>The number of different n-grams of each order, from order 1.</summary>
    public IReadOnlyList<int> Sizes => [.. _tables.Select(table => table.Length)];

    /// <summary>The discounts of each order, from order 1.</summary>
    public IReadOnlyList<Discounts> DiscountsByOrder => _discounts;

    /// <summary>A reader at the beginning of a shard.</summary>
    public Reader Begin() => new(this);

    /// <summary>The sums over all words that follow a context.</summary>
    private Statistics Look(int order, int context)
    {
        var (total, left, discounts) = (0L, 0.0, _discounts[order]);
        foreach (var count in _tables[order].Counts.AsSpan(_tables[order].Of(context)))
        {
            total += count;
            left += discounts.From(count);
        }

        return new(total, left);
    }

    private readonly record struct Statistics(long Total, double Left);

    /// <summary>Reads words one after the other and gives the probability of the next one.</summary>
    internal sealed class Reader(KneserNeyModel model)
    {
        // Entry k is the number of the last k words in the table of k-grams, or -1 if they are not in it. Entry 0 is
        // the root.
        private int[] _last = [0, .. Enumerable.Repeat(-1, model._tables.Length)];
        private int[] _next = [0, .. Enumerable.Repeat(-1, model._tables.Length)];

        /// <summary>The probability that a word follows those that were read.</summary>
        public double Probability(int word)
        {
            var probability = 1.0 / model._vocabularySize;
            for (var order = 0; order < model._tables.Length && _last[order] >= 0; order++)
            {
                var (total, left) = order == 0 ? model._words : model.Look(order, _last[order]);
                if (total > 0)
                {
                    var found = model._tables[order].Find(_last[order], word);
                    var count = found < 0 ? 0 : model._tables[order].Counts[found];
                    probability = ((count - model._discounts[order].From(count)) / total) + (left / total * probability);
                }
            }

            return probability;
        }

        /// <summary>Reads a word.</summary>
        public void Read(int word)
        {
            for (var order = 0; order < model._tables.Length; order++)
            {
                _next[order + 1] = _last[order] < 0 ? -1 : model._tables[order].Find(_last[order], word);
            }

            (_last, _next) = (_next, _last);
        }
    }
}
