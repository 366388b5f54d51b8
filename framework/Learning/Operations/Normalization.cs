using Experiments.Contracts.Torch;
using Experiments.Learning.Operations.Kernels;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations;

/// <summary>Normalizes vectors.</summary>
public static class Normalization
{
    /// <summary>RMSNorm (Zhang and Sennrich 2019): x / √(mean of x² + ε) · gain, along the last dimension.</summary>
    /// <param name="x">[..., width].</param>
    /// <param name="gain">[width], or null for none.</param>
    /// <param name="epsilon">Added before the root, to keep the division finite.</param>
    public static Tensor Rms(Tensor x, Tensor? gain, double epsilon)
    {
        if (Fused.Takes(x, x.shape[^1]) && (gain is null || gain.dtype == x.dtype))
        {
            x = x.contiguous();
            return is_grad_enabled() && (x.requires_grad || gain is { requires_grad: true })
                ? RmsNormFunction.apply(x, gain!, epsilon)
                : RmsNormFunction.Forward(x, gain, epsilon);
        }

        var normal = x * x.square().mean([-1], keepdim: true).Plus(epsilon).rsqrt();
        return gain is null ? normal : normal * gain;
    }
}
