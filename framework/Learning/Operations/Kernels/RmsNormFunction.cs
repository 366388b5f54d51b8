using System.Runtime.Intrinsics;
using Experiments.Learning.Processors;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>RMSNorm with its derivative, one pass over each row. Inputs: x, gain or null, ε.</summary>
internal sealed unsafe class RmsNormFunction : SingleTensorFunction<RmsNormFunction>
{
    public override string Name => nameof(RmsNormFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, gain, epsilon) = ((Tensor)vars[0], vars[1] as Tensor, (double)vars[2]);
        ctx.save_for_backward(gain is null ? [x] : [x, gain]);
        ctx.save_data("epsilon", epsilon);
        return Forward(x, gain, epsilon);
    }

    public static Tensor Forward(Tensor x, Tensor? gain, double epsilon)
    {
        var y = empty_like(x);
        if (x.dtype == ScalarType.BFloat16)
        {
            Forward<ushort, Bf16Lanes>(x, gain, y, (float)epsilon);
        }
        else
        {
            Forward<float, Float32Lanes>(x, gain, y, (float)epsilon);
        }

        return y;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (x, gain, epsilon) = (saved[0], saved.Count > 1 ? saved[1] : null, (float)(double)ctx.get_data("epsilon"));
        var (dx, dGain) = x.dtype == ScalarType.BFloat16
            ? Backward<ushort, Bf16Lanes>(x, gain, grad_output.contiguous(), epsilon)
            : Backward<float, Float32Lanes>(x, gain, grad_output.contiguous(), epsilon);
        return [dx, dGain!, null!];
    }

    private static void Forward<T, TLanes>(Tensor x, Tensor? gain, Tensor y, float epsilon)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var width = (int)x.shape[^1];
        var (source, target, scale) = (
            (nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(y),
            gain is null ? 0 : (nint)TensorMemory.Pointer(gain));
        TorchThreads.ForRange((int)(x.numel() / width), Fused.Grain(width), (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                var from = (T*)source + ((long)row * width);
                var to = (T*)target + ((long)row * width);
                var g = (T*)scale;
                var factor = Vector512.Create(InverseRms<T, TLanes>(from, width, epsilon));
                for (var i = 0; i < width; i += LaneMath.Count)
                {
                    var normal = TLanes.Load(from + i) * factor;
                    TLanes.Store(g is null ? normal : normal * TLanes.Load(g + i), to + i);
                }
            }
        });
    }

    private static (Tensor Dx, Tensor? DGain) Backward<T, TLanes>(Tensor x, Tensor? gain, Tensor dy, float epsilon)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var (width, dx) = ((int)x.shape[^1], empty_like(x));
        var rows = (int)(x.numel() / width);
        var parts = Math.Clamp(rows / Fused.Grain(width), 1, TorchThreads.Count);
        var sums = zeros(parts, width);
        var (xs, dys, dxs, gs, partial) = (
            (nint)TensorMemory.Pointer(x), (nint)TensorMemory.Pointer(dy), (nint)TensorMemory.Pointer(dx),
            gain is null ? 0 : (nint)TensorMemory.Pointer(gain), (nint)TensorMemory.Pointer(sums));
        TorchThreads.Run(parts, part =>
        {
            var sum = (float*)partial + ((long)part * width);
            for (var row = (int)((long)rows * part / parts); row < (int)((long)rows * (part + 1) / parts); row++)
            {
                var offset = (long)row * width;
                BackwardRow<T, TLanes>(
                    (T*)xs + offset, (T*)dys + offset, (T*)dxs + offset, (T*)gs, sum, width, epsilon);
            }
        });
        return (dx, gain is null ? null : sums.sum(0L).to(gain.dtype));
    }

    /// <summary>With r = 1/rms: dx = r · (dy · g) - x · r³ · mean(dy · g · x), dg += dy · x · r.</summary>
    private static void BackwardRow<T, TLanes>(T* x, T* dy, T* dx, T* gain, float* sum, int width, float epsilon)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var r = InverseRms<T, TLanes>(x, width, epsilon);
        var dots = Vector512<float>.Zero;
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            var d = TLanes.Load(dy + i) * TLanes.Load(x + i);
            dots += gain is null ? d : d * TLanes.Load(gain + i);
        }

        var (factor, correction) = (Vector512.Create(r), Vector512.Create(r * r * r * Vector512.Sum(dots) / width));
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            var (value, d) = (TLanes.Load(x + i), TLanes.Load(dy + i));
            var scaled = gain is null ? d : d * TLanes.Load(gain + i);
            TLanes.Store((scaled * factor) - (value * correction), dx + i);
            if (gain is not null)
            {
                (Vector512.Load(sum + i) + (d * value * factor)).Store(sum + i);
            }
        }
    }

    private static float InverseRms<T, TLanes>(T* x, int width, float epsilon)
        where T : unmanaged
        where TLanes : ILanes<T>
    {
        var squares = Vector512<float>.Zero;
        for (var i = 0; i < width; i += LaneMath.Count)
        {
            var value = TLanes.Load(x + i);
            squares += value * value;
        }

        return 1 / MathF.Sqrt((Vector512.Sum(squares) / width) + epsilon);
    }
}
