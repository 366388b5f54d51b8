using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Experiments.Learning.Decoding.Native;

/// <summary>
/// Products of rows of weights, read in place, with vectors. All functions add in the same order, so their results are
/// bit-identical.
/// </summary>
internal static unsafe class DotProducts<TFormat>
    where TFormat : struct, INumberFormat
{
    /// <summary>Number of rows of weights processed at a time.</summary>
    public const int Rows = 8;

    /// <summary>Number of vectors that <see cref="FourByFour"/> processes at a time.</summary>
    public const int Vectors = 4;

    /// <summary>
    /// 8 rows by 1 vector. With one token, reading the weights dominates the cost, so the next 8 rows are prefetched
    /// meanwhile.
    /// </summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="last">The index of the last existing row; it is used in the place of missing ones.</param>
    /// <param name="x">The vector, in the order of <see cref="INumberFormat.Arrange"/>.</param>
    /// <param name="columns">Numbers per row.</param>
    /// <param name="sums">8 sums.</param>
    public static void EightByOne(byte* rows, long stride, int last, float* x, int columns, float* sums)
    {
        byte* r0 = rows, r1 = rows + (Math.Min(1, last) * stride), r2 = rows + (Math.Min(2, last) * stride), r3 = rows + (Math.Min(3, last) * stride);
        byte* r4 = rows + (Math.Min(4, last) * stride), r5 = rows + (Math.Min(5, last) * stride), r6 = rows + (Math.Min(6, last) * stride), r7 = rows + (Math.Min(7, last) * stride);
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        var whole = columns / INumberFormat.Block * INumberFormat.Block;
        var ahead = rows + (Rows * stride);
        for (var i = 0; i < whole; i += INumberFormat.Block)
        {
            var (x0, x1) = (Vector512.Load(x + i), Vector512.Load(x + i + 16));
            var at = (long)i * TFormat.Size;
            Prefetch(ahead + (at * Rows));
            s0 = Add(r0 + at, x0, x1, s0);
            s1 = Add(r1 + at, x0, x1, s1);
            s2 = Add(r2 + at, x0, x1, s2);
            s3 = Add(r3 + at, x0, x1, s3);
            s4 = Add(r4 + at, x0, x1, s4);
            s5 = Add(r5 + at, x0, x1, s5);
            s6 = Add(r6 + at, x0, x1, s6);
            s7 = Add(r7 + at, x0, x1, s7);
        }

        RowSums.Of(s0, s1, s2, s3).Store(sums);
        RowSums.Of(s4, s5, s6, s7).Store(sums + 4);
        for (var row = 0; whole < columns && row < Rows; row++)
        {
            sums[row] += Rest(rows + (Math.Min(row, last) * stride), x, whole, columns);
        }
    }

    /// <summary>4 rows by 4 vectors: each number is used four times per read.</summary>
    /// <param name="rows">The first row.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="last">The index of the last existing row; it is used in the place of missing ones.</param>
    /// <param name="x">The first vector, in the order of <see cref="INumberFormat.Arrange"/>.</param>
    /// <param name="xStride">Numbers from one vector to the next.</param>
    /// <param name="lastX">The index of the last existing vector.</param>
    /// <param name="columns">Numbers per row.</param>
    /// <param name="sums">16 sums: 4 of the first vector, then 4 of the second ...</param>
    public static void FourByFour(
        byte* rows, long stride, int last, float* x, int xStride, int lastX, int columns, float* sums)
    {
        byte* r0 = rows, r1 = rows + (Math.Min(1, last) * stride), r2 = rows + (Math.Min(2, last) * stride), r3 = rows + (Math.Min(3, last) * stride);
        float* x0 = x, x1 = x + (Math.Min(1, lastX) * xStride), x2 = x + (Math.Min(2, lastX) * xStride), x3 = x + (Math.Min(3, lastX) * xStride);
        Vector512<float> s00 = default, s01 = default, s02 = default, s03 = default, s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<float> s20 = default, s21 = default, s22 = default, s23 = default, s30 = default, s31 = default, s32 = default, s33 = default;
        var whole = columns / INumberFormat.Block * INumberFormat.Block;
        for (var i = 0; i < whole; i += INumberFormat.Block)
        {
            var at = (long)i * TFormat.Size;
            TFormat.Load(r0 + at, out var a0, out var b0);
            TFormat.Load(r1 + at, out var a1, out var b1);
            TFormat.Load(r2 + at, out var a2, out var b2);
            TFormat.Load(r3 + at, out var a3, out var b3);
            var (a, b) = (Vector512.Load(x0 + i), Vector512.Load(x0 + i + 16));
            s00 = Vector512.FusedMultiplyAdd(b0, b, Vector512.FusedMultiplyAdd(a0, a, s00));
            s01 = Vector512.FusedMultiplyAdd(b1, b, Vector512.FusedMultiplyAdd(a1, a, s01));
            s02 = Vector512.FusedMultiplyAdd(b2, b, Vector512.FusedMultiplyAdd(a2, a, s02));
            s03 = Vector512.FusedMultiplyAdd(b3, b, Vector512.FusedMultiplyAdd(a3, a, s03));
            (a, b) = (Vector512.Load(x1 + i), Vector512.Load(x1 + i + 16));
            s10 = Vector512.FusedMultiplyAdd(b0, b, Vector512.FusedMultiplyAdd(a0, a, s10));
            s11 = Vector512.FusedMultiplyAdd(b1, b, Vector512.FusedMultiplyAdd(a1, a, s11));
            s12 = Vector512.FusedMultiplyAdd(b2, b, Vector512.FusedMultiplyAdd(a2, a, s12));
            s13 = Vector512.FusedMultiplyAdd(b3, b, Vector512.FusedMultiplyAdd(a3, a, s13));
            (a, b) = (Vector512.Load(x2 + i), Vector512.Load(x2 + i + 16));
            s20 = Vector512.FusedMultiplyAdd(b0, b, Vector512.FusedMultiplyAdd(a0, a, s20));
            s21 = Vector512.FusedMultiplyAdd(b1, b, Vector512.FusedMultiplyAdd(a1, a, s21));
            s22 = Vector512.FusedMultiplyAdd(b2, b, Vector512.FusedMultiplyAdd(a2, a, s22));
            s23 = Vector512.FusedMultiplyAdd(b3, b, Vector512.FusedMultiplyAdd(a3, a, s23));
            (a, b) = (Vector512.Load(x3 + i), Vector512.Load(x3 + i + 16));
            s30 = Vector512.FusedMultiplyAdd(b0, b, Vector512.FusedMultiplyAdd(a0, a, s30));
            s31 = Vector512.FusedMultiplyAdd(b1, b, Vector512.FusedMultiplyAdd(a1, a, s31));
            s32 = Vector512.FusedMultiplyAdd(b2, b, Vector512.FusedMultiplyAdd(a2, a, s32));
            s33 = Vector512.FusedMultiplyAdd(b3, b, Vector512.FusedMultiplyAdd(a3, a, s33));
        }

        RowSums.Of(s00, s01, s02, s03).Store(sums);
        RowSums.Of(s10, s11, s12, s13).Store(sums + 4);
        RowSums.Of(s20, s21, s22, s23).Store(sums + 8);
        RowSums.Of(s30, s31, s32, s33).Store(sums + 12);
        for (var i = 0; whole < columns && i < 16; i++)
        {
            sums[i] += Rest(
                rows + (Math.Min(i % 4, last) * stride), x + (Math.Min(i / 4, lastX) * xStride), whole, columns);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(byte* block, Vector512<float> x0, Vector512<float> x1, Vector512<float> sum)
    {
        TFormat.Load(block, out var first, out var second);
        return Vector512.FusedMultiplyAdd(second, x1, Vector512.FusedMultiplyAdd(first, x0, sum));
    }

    /// <summary>Prefetches the cache lines of one block of 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(byte* at)
    {
        if (Sse.IsSupported)
        {
            for (var line = 0; line < Rows * INumberFormat.Block * TFormat.Size; line += 64)
            {
                Sse.Prefetch0(at + line);
            }
        }
    }

    /// <summary>The part of a product after the last whole block.</summary>
    private static float Rest(byte* row, float* x, int start, int end)
    {
        float* natural = stackalloc float[INumberFormat.Block];
        float* arranged = stackalloc float[INumberFormat.Block];
        for (var i = start; i < end; i++)
        {
            natural[i - start] = TFormat.Get(row, i);
        }

        TFormat.Arrange(natural, arranged, end - start);
        var sum = 0f;
        for (var i = 0; i < INumberFormat.Block; i++)
        {
            sum += arranged[i] * x[start + i];
        }

        return sum;
    }
}
