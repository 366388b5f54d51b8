using System.Runtime.Intrinsics;

namespace Experiments.Learning.Decoding.Native;

/// <summary>Attention of one query over the cached positions of its sequence.</summary>
internal static unsafe class CausalHead<TFormat>
    where TFormat : struct, INumberFormat
{
    private const int Keys = 4;

    /// <summary>output = softmax(query · keys) · values.</summary>
    /// <param name="cache">The places of keys and values.</param>
    /// <param name="sequence">The sequence.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="head">The head of keys and values.</param>
    /// <param name="positions">Number of positions that the query sees.</param>
    /// <param name="query">The scaled query, padded with zeros to whole blocks.</param>
    /// <param name="blocks">Blocks per head.</param>
    /// <param name="scores">Room for one score per position, rounded up to whole pages.</param>
    /// <param name="output">The result, in whole blocks.</param>
    public static void Attend(
        CacheLayout cache, CachedSequence sequence, int layer, int head, int positions, float* query, int blocks,
        float* scores, float* output)
    {
        for (var start = 0; start < positions; start += CachePage.Positions)
        {
            Score(cache.Keys(sequence, layer, head, start), cache.Stride, Math.Min(CachePage.Positions, positions - start), query, blocks, scores + start);
        }

        var factor = 1 / VectorFunctions.ExponentiateScores(scores, positions);
        for (var block = 0; block < blocks; block += 2)
        {
            Mix(cache, sequence, layer, head, positions, scores, block, Math.Min(block + 1, blocks - 1), factor, output);
        }
    }

    private static void Score(byte* keys, int stride, int count, float* query, int blocks, float* scores)
    {
        for (var position = 0; position < count; position += Keys)
        {
            var last = count - 1 - position;
            byte* k0 = keys + ((long)position * stride);
            byte* k1 = k0 + (Math.Min(1, last) * stride), k2 = k0 + (Math.Min(2, last) * stride), k3 = k0 + (Math.Min(3, last) * stride);
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            for (var block = 0; block < blocks; block++)
            {
                var (q0, q1) = (
                    Vector512.Load(query + (block * INumberFormat.Block)),
                    Vector512.Load(query + (block * INumberFormat.Block) + 16));
                var at = block * INumberFormat.Block * TFormat.Size;
                TFormat.Load(k0 + at, out var a, out var b);
                s0 = Vector512.FusedMultiplyAdd(b, q1, Vector512.FusedMultiplyAdd(a, q0, s0));
                TFormat.Load(k1 + at, out a, out b);
                s1 = Vector512.FusedMultiplyAdd(b, q1, Vector512.FusedMultiplyAdd(a, q0, s1));
                TFormat.Load(k2 + at, out a, out b);
                s2 = Vector512.FusedMultiplyAdd(b, q1, Vector512.FusedMultiplyAdd(a, q0, s2));
                TFormat.Load(k3 + at, out a, out b);
                s3 = Vector512.FusedMultiplyAdd(b, q1, Vector512.FusedMultiplyAdd(a, q0, s3));
            }

            RowSums.Of(s0, s1, s2, s3).Store(scores + position);
        }
    }

    /// <summary>Computes the weighted sum of the values for two blocks of the head, or for one block twice.</summary>
    private static void Mix(
        CacheLayout cache, CachedSequence sequence, int layer, int head, int positions, float* weights, int left,
        int right, float factor, float* output)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        var stride = cache.Stride;
        var (leftAt, rightAt) = (left * INumberFormat.Block * TFormat.Size, right * INumberFormat.Block * TFormat.Size);
        for (var start = 0; start < positions; start += CachePage.Positions)
        {
            var values = cache.Values(sequence, layer, head, start);
            var count = Math.Min(CachePage.Positions, positions - start);
            for (var position = 0; position < count; position++, values += stride)
            {
                var weight = Vector512.Create(weights[start + position]);
                TFormat.Load(values + leftAt, out var a, out var b);
                s0 = Vector512.FusedMultiplyAdd(a, weight, s0);
                s1 = Vector512.FusedMultiplyAdd(b, weight, s1);
                TFormat.Load(values + rightAt, out a, out b);
                s2 = Vector512.FusedMultiplyAdd(a, weight, s2);
                s3 = Vector512.FusedMultiplyAdd(b, weight, s3);
            }
        }

        (s0 * factor).Store(output + (left * INumberFormat.Block));
        (s1 * factor).Store(output + (left * INumberFormat.Block) + 16);
        (s2 * factor).Store(output + (right * INumberFormat.Block));
        (s3 * factor).Store(output + (right * INumberFormat.Block) + 16);
    }
}
