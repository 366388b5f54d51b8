using Experiments.Contracts;
using Experiments.Contracts.Sizing;
using Experiments.Learning.Processors;
using static TorchSharp.torch;

namespace Experiments.Plugins.Torch;

/// <summary>libtorch, through TorchSharp.</summary>
[Plugin("torch")]
public sealed class TorchBackend : IComputeBackend
{
    /// <inheritdoc/>
    public BackendProbe Probe()
    {
        TorchRuntime.Start(threads: 1, seed: 1);
        return new(cuda_is_available(), TorchRuntime.ProductError(ScalarType.Float32));
    }

    /// <inheritdoc/>
    public Calibration Measure(CalibrationRequest request, IPluginSource plugins, TimeProvider time) =>
        new MachineCalibration(request, plugins, time).Measure();
}
