namespace Experiments.Engine.Planning;

/// <summary>How long a plan will take.</summary>
/// <param name="Stages">By stage; null for one whose plugin has never run. Stages that are in the store are not among them.</param>
public sealed record PlanEstimate(IReadOnlyDictionary<string, StageEstimate?> Stages)
{
    /// <summary>The known times, added up: an upper bound where stages go on from a checkpoint or run side by side.</summary>
    public TimeSpan Total => Stages.Values.Aggregate(TimeSpan.Zero, (sum, stage) => sum + (stage?.Duration ?? TimeSpan.Zero));

    /// <summary>The stages of which nothing is known.</summary>
    public IReadOnlyList<string> Unknown => [.. Stages.Where(stage => stage.Value is null).Select(stage => stage.Key)];

    /// <summary>Estimates a plan.</summary>
    public static PlanEstimate Of(IReadOnlyList<PlannedStage> plan, StageTimes times) => new(new OrderedDictionary<string, StageEstimate?>(
        plan.Where(stage => stage.State != StageState.Hit).Select(stage => KeyValuePair.Create(stage.Stage.Name, times.Estimate(stage.Stage.Identity)))));
}
