using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Experiments.Learning.Processors;

namespace Experiments.Learning.Decoding.Native;

/// <summary>
/// bfloat16, the upper half of a float32. 32 numbers are read as 16 words of 32 bits. The lower halves of the words are
/// the numbers with even index, the upper halves those with odd index; each becomes float32 by one instruction.
/// </summary>
internal readonly unsafe struct BFloat16Format : INumberFormat
{
    private const int Half = INumberFormat.Block / 2;
    private static readonly Vector512<int> EvenPlaces = Vector512.Create(
        0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    private static readonly Vector512<int> OddPlaces = Vector512.Create(
        1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);

    public static int Size => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* block, out Vector512<float> first, out Vector512<float> second)
    {
        var words = Vector512.Load((uint*)block);
        first = (words << 16).AsSingle();
        second = (words & Vector512.Create(0xFFFF0000)).AsSingle();
    }

    public static float Get(byte* numbers, long index) => BrainFloats.Widen(((ushort*)numbers)[index]);

    public static void Arrange(float* from, float* to, int count)
    {
        var i = 0;
        for (; i <= count - INumberFormat.Block; i += INumberFormat.Block)
        {
            if (Avx512F.IsSupported)
            {
                var (left, right) = (Vector512.Load(from + i), Vector512.Load(from + i + Half));
                Avx512F.PermuteVar16x32x2(left, EvenPlaces, right).Store(to + i);
                Avx512F.PermuteVar16x32x2(left, OddPlaces, right).Store(to + i + Half);
            }
            else
            {
                ArrangePart(from + i, to + i, INumberFormat.Block);
            }
        }

        if (i < count)
        {
            new Span<float>(to + i, INumberFormat.Block).Clear();
            ArrangePart(from + i, to + i, count - i);
        }
    }

    /// <summary>Word i contains numbers i and i + 16 of its block. Rounds to nearest, ties to even.</summary>
    public static void Store(float* from, byte* to, int count)
    {
        for (var i = 0; i < count; i += INumberFormat.Block)
        {
            var (lower, upper) = (Round(Vector512.Load(from + i)), Round(Vector512.Load(from + i + Half)));
            ((lower >>> 16) | (upper & Vector512.Create(0xFFFF0000))).Store((uint*)to + (i / 2));
        }
    }

    private static void ArrangePart(float* from, float* to, int count)
    {
        for (var i = 0; i < count; i++)
        {
            to[(i / 2) + (i % 2 * Half)] = from[i];
        }
    }

    private static Vector512<uint> Round(Vector512<float> numbers)
    {
        var bits = numbers.AsUInt32();
        return bits + Vector512.Create(0x7FFFu) + ((bits >>> 16) & Vector512<uint>.One);
    }
}
