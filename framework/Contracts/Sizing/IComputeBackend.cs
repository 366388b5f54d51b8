namespace Experiments.Contracts.Sizing;

/// <summary>A library that computes models on this machine, such as libtorch.</summary>
/// <remarks>Its methods load the native library, so they are called in a process of their own.</remarks>
[PluginKind("backend")]
public interface IComputeBackend
{
    /// <summary>Loads the library and computes with it.</summary>
    BackendProbe Probe();

    /// <summary>Measures a model's work on this machine, in about ten seconds.</summary>
    /// <param name="request">The work.</param>
    /// <param name="plugins">Creates the architecture.</param>
    /// <param name="time">The clock.</param>
    Calibration Measure(CalibrationRequest request, IPluginSource plugins, TimeProvider time);
}

/// <summary>What a backend can do here.</summary>
/// <param name="Cuda">Whether it can use a GPU.</param>
/// <param name="ProductError">Relative error of a float32 matrix product.</param>
public sealed record BackendProbe(bool Cuda, double ProductError);
