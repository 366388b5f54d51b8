using System.Runtime.Intrinsics;

namespace Experiments.Learning.Decoding.Native;

/// <summary>
/// The number format of weights and of cached keys and values. Computations use float32 and blocks of 32 numbers.
/// </summary>
internal unsafe interface INumberFormat
{
    /// <summary>Numbers per block.</summary>
    public const int Block = 32;

    /// <summary>Bytes per number.</summary>
    static abstract int Size { get; }

    /// <summary>
    /// Loads the two halves of a block. The format decides which number is in which half; <see cref="Arrange"/> brings
    /// the other factor of a product into the same order.
    /// </summary>
    static abstract void Load(byte* block, out Vector512<float> first, out Vector512<float> second);

    /// <summary>Reads one number.</summary>
    static abstract float Get(byte* numbers, long index);

    /// <summary>Writes numbers in the order in which <see cref="Load"/> gives a block of weights.</summary>
    /// <param name="from">Numbers in their natural order.</param>
    /// <param name="to">Room for whole blocks. It is filled with zeros after the last number.</param>
    /// <param name="count">Number of numbers.</param>
    static abstract void Arrange(float* from, float* to, int count);

    /// <summary>Stores whole blocks so that <see cref="Load"/> gives them in their natural order.</summary>
    static abstract void Store(float* from, byte* to, int count);

    /// <summary>Rounds a count up to whole blocks.</summary>
    public static int Padded(int count) => (count + Block - 1) / Block * Block;
}
