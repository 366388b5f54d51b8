using System.Runtime.Intrinsics;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>The loss of rows of logits, -log softmax(logits)[target], and its derivative, in place.</summary>
internal static unsafe class CrossEntropyKernel
{
    /// <summary>
    /// Writes the loss of each row, in nats. With <paramref name="differentiates"/> the logits are replaced by their
    /// gradients, softmax - onehot(target).
    /// </summary>
    /// <param name="logits">[rows, vocabulary], before the soft cap. The vocabulary size is a multiple of 16.</param>
    /// <param name="targets">[rows], int64. The loss of a target outside the vocabulary is NaN.</param>
    /// <param name="losses">[rows], float32.</param>
    /// <param name="softCap">
    /// As in <see cref="Contracts.Torch.LinearHead"/>. The gradients are those of the logits before the cap.
    /// </param>
    /// <param name="differentiates">Whether to compute gradients.</param>
    public static void Run(Tensor logits, Tensor targets, Tensor losses, double? softCap, bool differentiates)
    {
        if (logits.dtype == ScalarType.BFloat16)
        {
            Run<ushort, Bf16Lanes>(logits, targets, losses, (float)(softCap ?? 0), differentiates);
        }
        else
        {
            Run<float, Float32Lanes>(logits, targets, losses, (float)(softCap ?? 0), differentiates);
        }
    }

    private static void Run<T, TLanes>(Tensor logits, Tensor targets, Tensor losses, float cap, bool differentiates)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var (width, rows) = ((int)logits.shape[1], (int)logits.shape[0]);
        var (values, goals, results) = (
            (nint)TensorMemory.Pointer(logits), (nint)TensorMemory.Pointer(targets),
            (nint)TensorMemory.Pointer(losses));
        TorchThreads.ForRange(rows, 1, (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                var x = (T*)values + ((long)row * width);
                var target = ((long*)goals)[row];
                ((float*)results)[row] = target < 0 || target >= width ? float.NaN
                    : cap > 0
                    ? Row<T, TLanes, Capped>(x, width, (int)target, cap, differentiates)
                    : Row<T, TLanes, Plain>(x, width, (int)target, cap, differentiates);
            }
        });
    }

    private static float Row<T, TLanes, TCap>(T* x, int width, int target, float cap, bool differentiates)
        where T : unmanaged
        where TLanes : ILanes<T>
        where TCap : ICap
    {
        var largest = Vector512.Create(float.NegativeInfinity);
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            largest = Vector512.Max(largest, TLanes.Load(x + i));
        }

        var top = float.NegativeInfinity;
        for (var i = 0; i < LaneMath.Count; i++)
        {
            top = MathF.Max(top, largest[i]);
        }

        var shift = TCap.Apply(Vector512.Create(top), cap); // the cap is monotone
        var sums = Vector512<float>.Zero;
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            sums += LaneMath.Exp(TCap.Apply(TLanes.Load(x + i), cap) - shift);
        }

        var sum = Vector512.Sum(sums);
        var lane = target / LaneMath.Count * LaneMath.Count;
        var ofTarget = TCap.Apply(TLanes.Load(x + lane), cap)[target - lane];
        if (differentiates)
        {
            Differentiate<T, TLanes, TCap>(x, width, target, cap, shift, 1 / sum);
        }

        return MathF.Log(sum) + shift[0] - ofTarget;
    }

    private static void Differentiate<T, TLanes, TCap>(
        T* x, int width, int target, float cap, Vector512<float> shift, float scale)
        where T : unmanaged
        where TLanes : ILanes<T>
        where TCap : ICap
    {
        var places = Vector512.Create(0f, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        var factor = Vector512.Create(scale);
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            var capped = TCap.Apply(TLanes.Load(x + i), cap);
            var gradient = LaneMath.Exp(capped - shift) * factor;
            if ((uint)(target - i) < LaneMath.Count)
            {
                gradient -= Vector512.ConditionalSelect(
                    Vector512.Equals(places, Vector512.Create((float)(target - i))), Vector512<float>.One,
                    Vector512<float>.Zero);
            }

            TLanes.Store(TCap.Differentiate(gradient, capped, cap), x + i);
        }
    }

    private interface ICap
    {
        static abstract Vector512<float> Apply(Vector512<float> x, float cap);

        static abstract Vector512<float> Differentiate(Vector512<float> gradient, Vector512<float> capped, float cap);
    }

    private readonly struct Plain : ICap
    {
        public static Vector512<float> Apply(Vector512<float> x, float cap) => x;

        public static Vector512<float> Differentiate(Vector512<float> gradient, Vector512<float> capped, float cap) => gradient;
    }

    /// <summary>cap · tanh(x / cap); its derivative is 1 - (capped / cap)².</summary>
    private readonly struct Capped : ICap
    {
        public static Vector512<float> Apply(Vector512<float> x, float cap) => LaneMath.Tanh(x * (1 / cap)) * cap;

        public static Vector512<float> Differentiate(Vector512<float> gradient, Vector512<float> capped, float cap)
        {
            var share = capped * (1 / cap);
            return gradient * (Vector512<float>.One - (share * share));
        }
    }
}
