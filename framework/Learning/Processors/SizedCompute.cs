using Experiments.Contracts.Sizing;

namespace Experiments.Learning.Processors;

/// <summary>Adds device and number type to the size of a training.</summary>
public static class SizedCompute
{
    /// <summary>
    /// The size with the device and number type that the training's options set. It does not load libtorch, so
    /// <c>device: auto</c> counts as the processor.
    /// </summary>
    public static TrainingSize On(this TrainingSize size, Precision precision, ComputeDevice device) => size with
    {
        IsBfloat16 = ProcessorFeatures.TakesBf16(precision, device),
        Device = device == ComputeDevice.Cuda ? "cuda" : "cpu",
    };
}
