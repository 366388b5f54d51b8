using Experiments.Contracts.Sizing;

namespace Experiments.Learning;

/// <summary>Says of a training's size where it computes and in which numbers.</summary>
public static class SizedCompute
{
    /// <summary>The size with the device and the numbers that a training's options ask for. Loads no libtorch, so <c>device: auto</c> counts as the processor.</summary>
    public static TrainingSize On(this TrainingSize size, Precision precision, ComputeDevice device) => size with
    {
        IsBfloat16 = ProcessorFeatures.TakesBf16(precision, device),
        Device = device == ComputeDevice.Cuda ? "cuda" : "cpu",
    };
}
