using System.Runtime.Intrinsics;

namespace Experiments.Learning.Decoding.Native;

/// <summary>float32: a block is two consecutive vectors.</summary>
internal readonly unsafe struct Float32Format : INumberFormat
{
    public static int Size => sizeof(float);

    public static void Load(byte* block, out Vector512<float> first, out Vector512<float> second)
    {
        first = Vector512.Load((float*)block);
        second = Vector512.Load((float*)block + Vector512<float>.Count);
    }

    public static float Get(byte* numbers, long index) => ((float*)numbers)[index];

    public static void Arrange(float* from, float* to, int count)
    {
        new ReadOnlySpan<float>(from, count).CopyTo(new(to, count));
        new Span<float>(to + count, INumberFormat.Padded(count) - count).Clear();
    }

    public static void Store(float* from, byte* to, int count) =>
        new ReadOnlySpan<float>(from, count).CopyTo(new(to, count));
}
