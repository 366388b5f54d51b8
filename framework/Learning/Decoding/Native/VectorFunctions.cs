using System.Runtime.Intrinsics;
using Experiments.Learning.Operations.Kernels;

namespace Experiments.Learning.Decoding.Native;

/// <summary>The vector functions of a transformer, in float32.</summary>
internal static unsafe class VectorFunctions
{
    private const int Lanes = 16;

    /// <summary>The inner product.</summary>
    public static float Dot(float* a, float* b, int count)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            sums = Vector512.FusedMultiplyAdd(Vector512.Load(a + i), Vector512.Load(b + i), sums);
        }

        var sum = Vector512.Sum(sums);
        for (; i < count; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>The sum.</summary>
    public static float Sum(float* x, int count)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            sums += Vector512.Load(x + i);
        }

        var sum = Vector512.Sum(sums);
        for (; i < count; i++)
        {
            sum += x[i];
        }

        return sum;
    }

    /// <summary>to = (x + shift) · factor · gain + bias.</summary>
    /// <param name="x">The vector.</param>
    /// <param name="to">The result; may be <paramref name="x"/>.</param>
    /// <param name="count">Its length.</param>
    /// <param name="shift">Added to each number.</param>
    /// <param name="factor">Multiplies each number.</param>
    /// <param name="gain">As long as the vector, or null.</param>
    /// <param name="bias">As long as the vector, or null.</param>
    public static void Scale(float* x, float* to, int count, float shift, float factor, float* gain, float* bias)
    {
        var i = 0;
        for (; i <= count - Lanes; i += Lanes)
        {
            var y = (Vector512.Load(x + i) + Vector512.Create(shift)) * factor;
            y = gain is null ? y : y * Vector512.Load(gain + i);
            (bias is null ? y : y + Vector512.Load(bias + i)).Store(to + i);
        }

        for (; i < count; i++)
        {
            var y = (x[i] + shift) * factor;
            y = gain is null ? y : y * gain[i];
            to[i] = bias is null ? y : y + bias[i];
        }
    }

    /// <summary>Rotates each pair (x[i], x[i + half]) by an angle.</summary>
    public static void Turn(float* x, int half, float* cosine, float* sine)
    {
        var i = 0;
        for (; i <= half - Lanes; i += Lanes)
        {
            var (left, right) = (Vector512.Load(x + i), Vector512.Load(x + half + i));
            var (c, s) = (Vector512.Load(cosine + i), Vector512.Load(sine + i));
            ((left * c) - (right * s)).Store(x + i);
            ((left * s) + (right * c)).Store(x + half + i);
        }

        for (; i < half; i++)
        {
            var (left, right) = (x[i], x[half + i]);
            x[i] = (left * cosine[i]) - (right * sine[i]);
            x[half + i] = (left * sine[i]) + (right * cosine[i]);
        }
    }

    /// <summary>Replaces each score by exp(score - largest score).</summary>
    /// <param name="scores">The scores, padded to whole vectors. The padding is overwritten with zeros.</param>
    /// <param name="count">Number of scores.</param>
    /// <returns>The sum of the results.</returns>
    public static float ExponentiateScores(float* scores, int count)
    {
        var padded = (count + Lanes - 1) / Lanes * Lanes;
        new Span<float>(scores + count, padded - count).Fill(float.NegativeInfinity);
        var largest = Vector512.Load(scores);
        for (var i = Lanes; i < padded; i += Lanes)
        {
            largest = Vector512.Max(largest, Vector512.Load(scores + i));
        }

        var top = largest[0];
        for (var lane = 1; lane < Lanes; lane++)
        {
            top = MathF.Max(top, largest[lane]);
        }

        var (sums, shift) = (Vector512<float>.Zero, Vector512.Create(top));
        for (var i = 0; i < padded; i += Lanes)
        {
            var weights = LaneMath.Exp(Vector512.Load(scores + i) - shift);
            weights.Store(scores + i);
            sums += weights;
        }

        return Vector512.Sum(sums);
    }
}
