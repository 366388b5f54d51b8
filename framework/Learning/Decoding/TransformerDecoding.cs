using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding.Device;
using Experiments.Learning.Decoding.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Decoding;

/// <summary>Decoding of transformers given as data.</summary>
public static class TransformerDecoding
{
    /// <summary>
    /// Starts a session with a cache of keys and values. On the processor, float32 and bfloat16 use kernels that read
    /// the weights in place. Other devices and number types use libtorch's operations.
    /// </summary>
    /// <param name="weights">The weights. They must not change while the session is open.</param>
    public static IDecodingSession Start(TransformerWeights weights) => (weights.Embedding.device_type, weights.Embedding.dtype) switch
    {
        (DeviceType.CPU, ScalarType.BFloat16) => new TransformerSession<BFloat16Format>(weights),
        (DeviceType.CPU, ScalarType.Float32) => new TransformerSession<Float32Format>(weights),
        _ => new DeviceSession(weights),
    };
}
