using Experiments.Contracts.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>Decoding of transformers that are given as data.</summary>
public static class TransformerDecoding
{
    /// <summary>
    /// A session that keeps keys and values: on the processor, for float32 and bfloat16, by kernels of our own that read the weights in place; on other devices, and for other types of
    /// numbers, by operations of libtorch.
    /// </summary>
    /// <param name="weights">The model. It must not change while the session is open.</param>
    public static IDecodingSession Start(TransformerWeights weights) => (weights.Embedding.device_type, weights.Embedding.dtype) switch
    {
        (DeviceType.CPU, ScalarType.BFloat16) => new TransformerSession<BFloat16Format>(weights),
        (DeviceType.CPU, ScalarType.Float32) => new TransformerSession<Float32Format>(weights),
        _ => new DeviceSession(weights),
    };
}
