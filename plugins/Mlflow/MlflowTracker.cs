using Experiments.Contracts;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>
/// Tracks runs in MLflow: on a server when <c>tracking.uri</c> is an http or https address, otherwise in a folder that
/// <c>mlflow ui</c> opens. The environment variable MLFLOW_TRACKING_URI overrides the recipe. Default: mlruns in the
/// folder of runs.
/// </summary>
[Plugin("mlflow")]
public sealed class MlflowTracker : ITracker
{
    /// <inheritdoc/>
    public ITrackingStore Open(TrackingPlace place, TimeProvider time, Action<string> warn) =>
        MlflowTarget.Resolve(place.Uri, Environment.GetEnvironmentVariable(MlflowTarget.Variable), place.RunsFolder).Open(place.Experiment, time, warn);
}
