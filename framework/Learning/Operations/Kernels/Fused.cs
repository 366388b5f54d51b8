using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// Decides whether an operation uses a kernel: on the processor, in float32 or bfloat16, with vectors whose length is a
/// multiple of 16.
/// </summary>
internal static class Fused
{
    /// <summary>Whether a kernel with vectors of this width can compute a tensor.</summary>
    public static bool Takes(Tensor x, long width) =>
        x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16
            && width % LaneMath.Count == 0;

    /// <summary>The smallest number of rows that is worth another thread.</summary>
    public static int Grain(long width) => (int)Math.Max(1, 16_384 / width);
}
