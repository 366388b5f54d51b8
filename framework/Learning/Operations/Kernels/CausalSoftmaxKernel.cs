using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// The softmax of attention over the visible positions, and its derivative, both in place. Hidden positions are neither
/// read nor computed, so no mask is needed: the documents of a row are consecutive, so a position sees a range that
/// ends with itself.
/// </summary>
internal static unsafe class CausalSoftmaxKernel
{
    /// <summary>The positions of the rows of scores.</summary>
    /// <param name="Start">The position of the first query.</param>
    /// <param name="Rows">Number of queries. A matrix of scores contains them once for each head of a group.</param>
    /// <param name="Matrices">Number of matrices of scores per row of the batch.</param>
    /// <param name="Begins">
    /// [batch, time], int64: the first position that each position sees; null if that is position 0.
    /// </param>
    internal sealed record Places(int Start, int Rows, int Matrices, Tensor? Begins);

    /// <summary>scores := softmax(scale · scores).</summary>
    /// <param name="scores">[matrices, group · rows, keys], keys a multiple of 16.</param>
    /// <param name="places">The positions of the rows.</param>
    /// <param name="scale">Multiplies the scores.</param>
    public static void Forward(Tensor scores, Places places, float scale)
    {
        if (scores.dtype == ScalarType.BFloat16)
        {
            Each<ushort>(
                scores, null, places,
                (x, _, width, begin, end) => Forward<ushort, Bf16Lanes>((ushort*)x, width, begin, end, scale));
        }
        else
        {
            Each<float>(
                scores, null, places,
                (x, _, width, begin, end) => Forward<float, Float32Lanes>((float*)x, width, begin, end, scale));
        }
    }

    /// <summary>Replaces the gradients of the weights by those of the scores.</summary>
    /// <param name="weights">The result of <see cref="Forward(Tensor, Places, float)"/>.</param>
    /// <param name="gradients">The gradients, of the same shape.</param>
    /// <param name="places">As in the forward pass.</param>
    /// <param name="scale">As in the forward pass.</param>
    public static void Backward(Tensor weights, Tensor gradients, Places places, float scale)
    {
        if (weights.dtype == ScalarType.BFloat16)
        {
            Each<ushort>(gradients, weights, places, (d, p, width, begin, end) => Backward<ushort, Bf16Lanes>((ushort*)d, (ushort*)p, width, begin, end, scale));
        }
        else
        {
            Each<float>(gradients, weights, places, (d, p, width, begin, end) => Backward<float, Float32Lanes>((float*)d, (float*)p, width, begin, end, scale));
        }
    }

    private delegate void RowWork(void* x, void* other, int width, int begin, int end);

    private static void Each<T>(Tensor x, Tensor? other, Places places, RowWork work)
        where T : unmanaged
    {
        var (perMatrix, width) = ((int)x.shape[1], (int)x.shape[2]);
        var time = places.Begins is null ? 0 : (int)places.Begins.shape[1];
        var (xs, others, begins) = (
            (nint)TensorMemory.Pointer(x), other is null ? 0 : (nint)TensorMemory.Pointer(other),
            places.Begins is null ? 0 : (nint)TensorMemory.Pointer(places.Begins));
        TorchThreads.ForRange((int)x.shape[0] * perMatrix, Fused.Grain(width), (first, last) =>
        {
            for (var row = first; row < last; row++)
            {
                var position = places.Start + (row % perMatrix % places.Rows);
                var begin = begins == 0
                    ? 0
                    : (int)((long*)begins)[((long)(row / perMatrix / places.Matrices) * time) + position];
                work((T*)xs + ((long)row * width), others == 0 ? null : (T*)others + ((long)row * width), width, begin, position + 1);
            }
        });
    }

    [SkipLocalsInit]
    private static void Forward<T, TLanes>(T* x, int width, int begin, int end, float scale)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var start = begin / LaneMath.Count * LaneMath.Count;
        var hidden = Vector512.Create(float.NegativeInfinity);
        var largest = hidden;
        for (var i = start; i < end; i += LaneMath.Count)
        {
            largest = Vector512.Max(
                largest, Vector512.ConditionalSelect(Visible(i, begin, end), TLanes.Load(x + i), hidden));
        }

        var top = float.NegativeInfinity;
        for (var lane = 0; lane < LaneMath.Count; lane++)
        {
            top = MathF.Max(top, largest[lane]);
        }

        var powers = stackalloc float[width];
        var (shift, factor, sums) = (Vector512.Create(top), Vector512.Create(scale), Vector512<float>.Zero);
        for (var i = start; i < end; i += LaneMath.Count)
        {
            var power = Vector512.ConditionalSelect(
                Visible(i, begin, end), LaneMath.Exp((TLanes.Load(x + i) - shift) * factor), Vector512<float>.Zero);
            power.Store(powers + i);
            sums += power;
        }

        var share = Vector512.Create(1 / Vector512.Sum(sums));
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            TLanes.Store(i >= start && i < end ? Vector512.Load(powers + i) * share : Vector512<float>.Zero, x + i);
        }
    }

    /// <summary>dS = P · (dP - Σ P · dP) · scale. P is zero at hidden positions.</summary>
    private static void Backward<T, TLanes>(T* d, T* weights, int width, int begin, int end, float scale)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var start = begin / LaneMath.Count * LaneMath.Count;
        var dots = Vector512<float>.Zero;
        for (var i = start; i < end; i += LaneMath.Count)
        {
            dots += TLanes.Load(d + i) * TLanes.Load(weights + i);
        }

        var dot = Vector512.Create(Vector512.Sum(dots));
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            TLanes.Store(i >= start && i < end ? TLanes.Load(weights + i) * (TLanes.Load(d + i) - dot) * scale : Vector512<float>.Zero, d + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Visible(int first, int begin, int end)
    {
        var places = Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) + Vector512.Create(first);
        return (Vector512.GreaterThanOrEqual(places, Vector512.Create(begin)) & Vector512.LessThan(places, Vector512.Create(end))).AsSingle();
    }
}
