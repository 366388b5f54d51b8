using System.ComponentModel.DataAnnotations;

namespace Experiments.Engine.Recipes;

/// <summary>Where figures go: <c>tracking:</c>.</summary>
public sealed record TrackingSettings
{
    /// <summary>An MLflow server (http or https), or the folder of an <c>mlruns</c> file store, relative to the working directory. Default: mlruns in the folder of runs.</summary>
    [MinLength(1)]
    public string? Uri { get; init; }

    /// <summary>The MLflow experiment. Default: the recipe's name.</summary>
    [MinLength(1)]
    public string? Experiment { get; init; }

    /// <summary>Time between two samples of how busy processors, memory, disk, network and GPUs are, from 1s to 1d; null takes none. Default: 10s.</summary>
    public TimeSpan? SystemMetricsEvery { get; init; } = TimeSpan.FromSeconds(10);
}
