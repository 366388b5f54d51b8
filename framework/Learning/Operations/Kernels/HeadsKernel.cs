using System.Runtime.Intrinsics;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// Copies heads between the layout of a projection, [B, T, heads, W], and that of attention, [B, heads, T, W], and
/// optionally rotates them.
/// </summary>
internal static unsafe class HeadsKernel
{
    /// <summary>The layout of heads in memory.</summary>
    /// <param name="Data">The address of the first number of the first head.</param>
    /// <param name="Batch">The step from one row to the next. Unit of all steps: numbers.</param>
    /// <param name="Head">The step from one head to the next.</param>
    /// <param name="Time">The step from one position to the next.</param>
    internal readonly record struct Layout(nint Data, long Batch, long Head, long Time);

    /// <summary>The layout of some heads in a projection [B, T, all heads · W].</summary>
    public static Layout Projection(Tensor joint, int firstHead, long width)
    {
        var (time, stride) = (joint.shape[1], joint.shape[2]);
        return new(
            (nint)TensorMemory.Pointer(joint) + ((nint)(firstHead * width) * (nint)joint.ElementSize), time * stride,
            width, stride);
    }

    /// <summary>The layout of heads [B, heads, T, W].</summary>
    public static Layout Attention(Tensor heads)
    {
        var (time, width) = (heads.shape[2], heads.shape[3]);
        return new((nint)TensorMemory.Pointer(heads), heads.shape[1] * time * width, time * width, width);
    }

    /// <summary>
    /// Copies heads. With a rotation, each pair (x[i], x[i + W/2]) is rotated by its angle, or by the negative angle
    /// with <paramref name="isBack"/>.
    /// </summary>
    public static void Copy(
        ScalarType type, Layout source, Layout target, (int Batch, int Heads, int Time, int Width) size,
        Rotation? rotation, bool isBack)
    {
        if (type == ScalarType.BFloat16)
        {
            Copy<ushort, Bf16Lanes>(source, target, size, rotation, isBack);
        }
        else
        {
            Copy<float, Float32Lanes>(source, target, size, rotation, isBack);
        }
    }

    private static void Copy<T, TLanes>(
        Layout source, Layout target, (int Batch, int Heads, int Time, int Width) size, Rotation? rotation, bool isBack)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var (batch, heads, time, width) = size;
        var (cosine, sine) = rotation is null
            ? default
            : ((nint)TensorMemory.Pointer(rotation.Cosine), (nint)TensorMemory.Pointer(rotation.Sine));
        var isPerRow = rotation is not null && rotation.Cosine.shape[0] > time;
        var half = width / 2;
        TorchThreads.ForRange(batch * time, Fused.Grain((long)heads * width), (start, end) =>
        {
            for (var place = start; place < end; place++)
            {
                var (row, t) = (place / time, place % time);
                var from = (T*)source.Data + (row * source.Batch) + (t * source.Time);
                var to = (T*)target.Data + (row * target.Batch) + (t * target.Time);
                var angle = (long)(isPerRow ? place : t) * half;
                for (var head = 0; head < heads; head++, from += source.Head, to += target.Head)
                {
                    if (rotation is null)
                    {
                        new ReadOnlySpan<T>(from, width).CopyTo(new Span<T>(to, width));
                    }
                    else
                    {
                        Turn<T, TLanes>(from, to, (float*)cosine + angle, (float*)sine + angle, half, isBack);
                    }
                }
            }
        });
    }

    private static void Turn<T, TLanes>(T* from, T* to, float* cosine, float* sine, int half, bool isBack)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        for (var i = 0; i < half; i += LaneMath.Count)
        {
            var (left, right) = (TLanes.Load(from + i), TLanes.Load(from + half + i));
            var (c, s) = (Vector512.Load(cosine + i), Vector512.Load(sine + i));
            s = isBack ? -s : s;
            TLanes.Store((left * c) - (right * s), to + i);
            TLanes.Store((left * s) + (right * c), to + half + i);
        }
    }
}
