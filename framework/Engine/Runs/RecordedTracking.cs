using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>Opens the stores in which runs are tracked, as their resolved recipes say.</summary>
/// <param name="runsFolder">The folder of all runs.</param>
/// <param name="plugins">Creates the trackers.</param>
/// <param name="time">The clock, for retries.</param>
/// <param name="warn">Receives warnings for the user.</param>
public sealed class RecordedTracking(string runsFolder, IPluginSource plugins, TimeProvider time, Action<string> warn)
{
    /// <summary>Opens the store of a run.</summary>
    /// <param name="run">The run, or null for the store of a recipe without settings for tracking.</param>
    /// <exception cref="UsageException">The address is wrong.</exception>
    /// <exception cref="InvalidDataException">There is no such tracker.</exception>
    /// <exception cref="JsonException">The run's recipe cannot be read.</exception>
    public ITrackingStore Open(RunRecord? run)
    {
        if (run is { Resolved: null, RecipeDamage: { } damage })
        {
            throw new InvalidDataException($"{run.Folder.RecipeFile}: {damage}");
        }

        var tracking = run?.Resolved?["tracking"];
        var tracker = tracking?["tracker"] ?? new JsonObject { ["use"] = TrackingSettings.DefaultTracker };
        var experiment = (string?)tracking?["experiment"] ?? run?.Recipe ?? "";
        return plugins.Create<ITracker>(JsonSerializer.SerializeToElement(tracker))
            .Open(new TrackingPlace((string?)tracking?["uri"], experiment, runsFolder), time, warn);
    }
}
