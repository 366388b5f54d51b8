using Experiments.Contracts;

namespace Experiments.Learning.Training;

/// <summary>
/// An endless sequence of items in which each epoch is a new permutation. The i-th item is a function of the seed and
/// i.
/// </summary>
/// <param name="seed">The recipe's seed.</param>
/// <param name="count">Number of items, at least 1.</param>
public sealed class EpochOrder(ulong seed, int count)
{
    private int[] _permutation = [];
    private long _epoch = -1;

    /// <summary>The item at an index of the sequence.</summary>
    public int this[long index]
    {
        get
        {
            var epoch = index / count;
            if (epoch != _epoch)
            {
                _permutation = Permutation(epoch);
                _epoch = epoch;
            }

            return _permutation[index % count];
        }
    }

    /// <summary>The order of the items in an epoch.</summary>
    public int[] Permutation(long epoch)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        new RandomStream(seed, "epoch", epoch).Shuffle<int>(items);
        return items;
    }
}
