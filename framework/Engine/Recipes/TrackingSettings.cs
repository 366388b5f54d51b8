using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Recipes;

/// <summary>Where metrics are sent: <c>tracking:</c>.</summary>
public sealed record TrackingSettings
{
    /// <summary>The tracker of a recipe that names none.</summary>
    public const string DefaultTracker = "mlflow";

    /// <summary>The tracking backend. Default: mlflow.</summary>
    [DefaultUse(DefaultTracker)]
    [AddedLater(DefaultTracker)]
    public required Plugin<ITracker> Tracker { get; init; }

    /// <summary>
    /// Where the tracker keeps the runs: the address of a server (http or https), or a folder, relative to the working
    /// directory. Default: the tracker's own.
    /// </summary>
    [MinLength(1)]
    public string? Uri { get; init; }

    /// <summary>The name under which the tracker groups runs. Default: the recipe's name.</summary>
    [MinLength(1)]
    public string? Experiment { get; init; }

    /// <summary>
    /// Time between two samples of the load of processors, memory, disk, network and GPUs, from 1s to 1d; null takes no
    /// samples. Default: 10s.
    /// </summary>
    public TimeSpan? SystemMetricsEvery { get; init; } = TimeSpan.FromSeconds(10);
}
