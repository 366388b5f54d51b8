using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>When an operation has a kernel of its own: on the processor, in float32 or bfloat16, with vectors that are whole multiples of 16.</summary>
internal static class Fused
{
    /// <summary>Whether a tensor can be computed by a kernel whose vectors are this wide.</summary>
    public static bool Takes(Tensor x, long width) =>
        x.device_type == DeviceType.CPU && x.dtype is ScalarType.Float32 or ScalarType.BFloat16 && width % LaneMath.Count == 0;

    /// <summary>Rows that are worth a thread of their own.</summary>
    public static int Grain(long width) => (int)Math.Max(1, 16_384 / width);
}
