using System.Security.Cryptography;
using System.Text;

namespace Experiments.Contracts;

/// <summary>
/// A counter-based stream of random numbers: the n-th number is a pure function of key and n. A stream can therefore be
/// resumed from its counter alone, and the streams of different steps or rows are independent. The generator is
/// SplitMix64 (Steele, Lea, Flood 2014), with its output function applied to key + n·γ.
/// </summary>
/// <remarks>Not for secrets. This is a value type: pass it by <c>ref</c> to continue the same stream.</remarks>
public struct RandomStream
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private readonly ulong _key;

    /// <summary>The stream of a seed, a purpose and any number of coordinates.</summary>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="purpose">A constant word. Two purposes of one seed get different numbers.</param>
    /// <param name="coordinates">What the stream belongs to, such as step, row or document.</param>
    public RandomStream(ulong seed, string purpose, params ReadOnlySpan<long> coordinates)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(purpose), hash);
        var key = Mix(seed ^ BitConverter.ToUInt64(hash));
        foreach (var coordinate in coordinates)
        {
            key = Mix(key + Gamma + (ulong)coordinate);
        }

        _key = key;
    }

    /// <summary>How many numbers were drawn. Set it to continue an earlier stream.</summary>
    public ulong Counter { get; set; }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(_key + (++Counter * Gamma));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// Uniform in [0, <paramref name="exclusiveMaximum"/>), with negligible bias (64-bit multiply-shift).
    /// </summary>
    public int Next(int exclusiveMaximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMaximum);
        return (int)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);
    }

    /// <summary>Uniform in [<paramref name="minimum"/>, <paramref name="exclusiveMaximum"/>).</summary>
    public int Next(int minimum, int exclusiveMaximum) => minimum + Next(exclusiveMaximum - minimum);

    /// <summary>Standard normal (Box-Muller; draws two numbers).</summary>
    public double NextGaussian()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        return radius * Math.Cos(2 * Math.PI * NextDouble());
    }

    /// <summary>One of the items, all equally likely.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Shuffles in place (Fisher-Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
