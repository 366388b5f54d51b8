namespace Experiments.Plugins.Evaluation.NGrams.Tests;

/// <summary>The definition, written down over dictionaries of joined words.</summary>
internal sealed class NaiveKneserNey
{
    private readonly int _order;
    private readonly int _vocabularySize;
    private readonly Dictionary<string, int>[] _counts;

    public NaiveKneserNey(IReadOnlyList<int[]> shards, int order, int vocabularySize)
    {
        (_order, _vocabularySize) = (order, vocabularySize);
        _counts = [.. Enumerable.Range(1, order).Select(n => n == order ? Raw(shards, n) : Behind(shards, n))];
    }

    public double Probability(int[] history, int word)
    {
        var probability = 1.0 / _vocabularySize;
        for (var n = 1; n <= _order && history.Length >= n - 1; n++)
        {
            var counts = _counts[n - 1];
            var context = string.Concat(history.Skip(history.Length - n + 1).Select(each => each + " "));
            var behind = counts.Where(pair => pair.Key[..(pair.Key.TrimEnd().LastIndexOf(' ') + 1)] == context).Select(pair => pair.Value).ToList();
            if (behind.Count == 0)
            {
                continue;
            }

            var discounts = Discounts.Of(counts.Values);
            var count = counts.GetValueOrDefault(context + word + " ");
            var left = (discounts.One * behind.Count(each => each == 1)) + (discounts.Two * behind.Count(each => each == 2)) + (discounts.More * behind.Count(each => each >= 3));
            probability = ((Math.Max(0, count - discounts.From(count)) + (left * probability)) / behind.Sum());
        }

        return probability;
    }

    private static Dictionary<string, int> Raw(IReadOnlyList<int[]> shards, int n) =>
        Grams(shards, n).GroupBy(gram => gram.Text).ToDictionary(group => group.Key, group => group.Count());

    private static Dictionary<string, int> Behind(IReadOnlyList<int[]> shards, int n) =>
        Grams(shards, n).GroupBy(gram => gram.Text).ToDictionary(group => group.Key, group => group.Select(gram => gram.Before).Distinct().Count());

    private static IEnumerable<(string Text, int? Before)> Grams(IReadOnlyList<int[]> shards, int n) =>
        from shard in shards
        from start in Enumerable.Range(0, Math.Max(0, shard.Length - n + 1))
        select (string.Concat(shard.Skip(start).Take(n).Select(each => each + " ")), start == 0 ? (int?)null : shard[start - 1]);
}
