using System.Numerics;
using System.Runtime.Intrinsics;
using Experiments.Learning.Operations.Kernels;

namespace Experiments.Learning.Decoding;

/// <summary>
/// The weights of all tokens in a draw; the likeliest has weight 1. The vocabulary is never sorted: a histogram over
/// the leading bits of the weights finds the cut.
/// </summary>
internal sealed class WeightTable(int vocabularySize)
{
    private const int Block = 256;
    private const int BitsBelowBucket = 19; // a bucket is the exponent and 4 bits of the fraction, so its weights differ by 1/16 at most
    private static readonly int Buckets = Bucket(1) + 1;
    private readonly float[] _weights = new float[vocabularySize];
    private readonly double[] _blockSums = new double[(vocabularySize + Block - 1) / Block];
    private readonly int[] _counts = new int[Buckets];
    private readonly double[] _masses = new double[Buckets];
    private readonly List<int> _border = [];

    /// <summary>The weight of a token.</summary>
    public float this[int token] => _weights[token];

    /// <summary>The index of the largest logit; the first one among equals.</summary>
    public static int ArgMax(ReadOnlySpan<float> logits)
    {
        var largest = float.NegativeInfinity;
        var i = 0;
        if (logits.Length >= Vector<float>.Count)
        {
            var lanes = new Vector<float>(logits);
            for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                lanes = Vector.Max(lanes, new Vector<float>(logits[i..]));
            }

            for (var lane = 0; lane < Vector<float>.Count; lane++)
            {
                largest = Math.Max(largest, lanes[lane]);
            }
        }

        for (; i < logits.Length; i++)
        {
            largest = Math.Max(largest, logits[i]);
        }

        return Math.Max(0, logits.IndexOf(largest));
    }

    /// <summary>weights = exp((logits - largest) · factor).</summary>
    public void Exponentiate(ReadOnlySpan<float> logits, float largest, float factor)
    {
        var i = 0;
        for (; i <= logits.Length - LaneMath.Count; i += LaneMath.Count)
        {
            LaneMath.Exp((Vector512.Create(logits.Slice(i, LaneMath.Count)) - Vector512.Create(largest)) * factor)
                .CopyTo(_weights, i);
        }

        for (; i < logits.Length; i++)
        {
            _weights[i] = MathF.Exp((logits[i] - largest) * factor);
        }
    }

    /// <summary>Drops tokens whose weight is below a share of the largest weight.</summary>
    public void DropBelow(float share)
    {
        foreach (ref var weight in _weights.AsSpan())
        {
            weight = weight < share ? 0 : weight;
        }
    }

    /// <summary>
    /// Keeps the likeliest tokens: at most <paramref name="count"/>, and no more than are needed to reach the mass; at
    /// least one. Among equal weights, smaller ids are kept first.
    /// </summary>
    public void KeepLikeliest(int count, double mass)
    {
        Count();
        var (kept, sum, border) = (0, 0.0, Buckets - 1);
        while (border > 0 && kept + _counts[border] < count && sum + _masses[border] < mass)
        {
            (kept, sum, border) = (kept + _counts[border], sum + _masses[border], border - 1);
        }

        _border.Clear();
        for (var token = 0; token < _weights.Length; token++)
        {
            var bucket = Bucket(_weights[token]);
            if (bucket == border)
            {
                _border.Add(token);
            }
            else if (bucket < border)
            {
                _weights[token] = 0;
            }
        }

        _border.Sort((a, b) => _weights[b].CompareTo(_weights[a]) is var byWeight && byWeight != 0 ? byWeight : a - b);
        foreach (var token in _border)
        {
            if (kept > 0 && (kept >= count || sum >= mass))
            {
                _weights[token] = 0;
            }
            else
            {
                (kept, sum) = (kept + 1, sum + _weights[token]);
            }
        }
    }

    /// <summary>The sum of the weights.</summary>
    public double Sum()
    {
        var total = 0.0;
        for (var block = 0; block < _blockSums.Length; block++)
        {
            _blockSums[block] = BlockSum(block);
            total += _blockSums[block];
        }

        return total;
    }

    /// <summary>The first token at which the cumulative weight exceeds a share of the total.</summary>
    public int Invert(double share, int fallback)
    {
        var target = share * Sum();
        var (sum, block) = (0.0, 0);
        while (block < _blockSums.Length - 1 && sum + _blockSums[block] <= target)
        {
            sum += _blockSums[block++];
        }

        var last = fallback;
        for (var token = block * Block; token < Math.Min(_weights.Length, (block + 1) * Block); token++)
        {
            sum += _weights[token];
            last = _weights[token] > 0 ? token : last;
            if (target < sum)
            {
                return token;
            }
        }

        return last;
    }

    private static int Bucket(float weight) => BitConverter.SingleToInt32Bits(weight) >> BitsBelowBucket;

    private void Count()
    {
        _counts.AsSpan().Clear();
        _masses.AsSpan().Clear();
        foreach (var weight in _weights)
        {
            var bucket = Bucket(weight);
            _counts[bucket]++;
            _masses[bucket] += weight;
        }
    }

    private double BlockSum(int block)
    {
        var weights = _weights.AsSpan(block * Block, Math.Min(Block, _weights.Length - (block * Block)));
        var sums = Vector<double>.Zero;
        var i = 0;
        for (; i <= weights.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(weights[i..]), out var lower, out var upper);
            sums += lower + upper;
        }

        var sum = Vector.Sum(sums);
        for (; i < weights.Length; i++)
        {
            sum += weights[i];
        }

        return sum;
    }
}
