namespace Experiments.Plugins.Evaluation.NGrams;

/// <summary>
/// The interpolated n-gram model with modified Kneser-Ney smoothing of Chen and Goodman (1998): p(w | h) = (c(hw) - D(c(hw))) / c(h) + γ(h) · p(w | h'), where h' is h without its first
/// word, the counts of lower orders are those of different words before, and below one word all words of the vocabulary are equally likely.
/// </summary>
internal sealed class KneserNeyModel
{
    private readonly NGramTable[] _tables;
    private readonly Discounts[] _discounts;
    private readonly Statistics _words;
    private readonly int _vocabularySize;

    /// <summary>Counts the n-grams of shards.</summary>
    /// <param name="shards">The words of each shard; no n-gram goes from one into the next.</param>
    /// <param name="order">Words of the longest n-gram.</param>
    /// <param name="vocabularySize">Words go up to it.</param>
    /// <param name="onOrder">Hears of each order that is counted.</param>
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

    /// <summary>Different n-grams of each order, from 1.</summary>
    public IReadOnlyList<int> Sizes => [.. _tables.Select(table => table.Length)];

    /// <summary>The discounts of each order, from 1.</summary>
    public IReadOnlyList<Discounts> DiscountsByOrder => _discounts;

    /// <summary>A reader at the beginning of a shard.</summary>
    public Reader Begin() => new(this);

    /// <summary>The sums over all words behind a context.</summary>
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

    /// <summary>Reads words one after the other, and says how likely each was.</summary>
    internal sealed class Reader(KneserNeyModel model)
    {
        // The number of the last k words in the table of k-grams, or -1; of none, the root.
        private int[] _last = [0, .. Enumerable.Repeat(-1, model._tables.Length)];
        private int[] _next = [0, .. Enumerable.Repeat(-1, model._tables.Length)];

        /// <summary>The probability of a word behind those that were read.</summary>
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
