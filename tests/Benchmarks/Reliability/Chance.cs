using Experiments.Contracts;

namespace Experiments.Benchmarks;

/// <summary>One sequence of random numbers that several objects draw from.</summary>
/// <param name="seed">Determines the sequence.</param>
/// <param name="purpose">What it is for.</param>
internal sealed class Chance(int seed, string purpose)
{
    private RandomStream _stream = new((ulong)seed, purpose);

    /// <summary>A number from 0 to below a limit.</summary>
    public int Next(int exclusiveMaximum) => _stream.Next(exclusiveMaximum);

    /// <summary>A number from a minimum to below a limit.</summary>
    public int Next(int minimum, int exclusiveMaximum) => _stream.Next(minimum, exclusiveMaximum);

    /// <summary>A number from 0 to below 1.</summary>
    public double NextDouble() => _stream.NextDouble();

    /// <summary>One of some items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => _stream.Pick(items);
}
