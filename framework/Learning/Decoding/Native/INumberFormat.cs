using System.Runtime.Intrinsics;

namespace Experiments.Learning;

/// <summary>How weights and cached keys and values lie in memory. Numbers are computed with in float32, in blocks of 32.</summary>
internal unsafe interface INumberFormat
{
    /// <summary>Numbers of a block.</summary>
    public const int Block = 32;

    /// <summary>Bytes a number.</summary>
    static abstract int Size { get; }

    /// <summary>Two halves of a block. Which number is in which half is the format's own; <see cref="Arrange"/> brings the other factor into the same order.</summary>
    static abstract void Load(byte* block, out Vector512<float> first, out Vector512<float> second);

    /// <summary>One number.</summary>
    static abstract float Get(byte* numbers, long index);

    /// <summary>Writes numbers in the order in which <see cref="Load"/> gives a block of weights.</summary>
    /// <param name="from">Numbers in their natural order.</param>
    /// <param name="to">Room for whole blocks; behind the last number it is zero.</param>
    /// <param name="count">How many.</param>
    static abstract void Arrange(float* from, float* to, int count);

    /// <summary>Stores whole blocks so that <see cref="Load"/> gives them in their natural order.</summary>
    static abstract void Store(float* from, byte* to, int count);

    /// <summary>So many numbers, filled up to whole blocks.</summary>
    public static int Padded(int count) => (count + Block - 1) / Block * Block;
}
