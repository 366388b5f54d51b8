namespace Experiments.Engine.Planning;

/// <summary>How long a plan will take.</summary>
/// <param name="Stages">The estimates by stage; null for a stage whose plugin has never run. Stages whose artifact
/// exists are left out.</param>
public sealed record PlanEstimate(IReadOnlyDictionary<string, StageEstimate?> Stages)
{
    /// <summary>
    /// The sum of the known times. It is an upper bound: stages that resume from a checkpoint or run in parallel take
    /// less.
    /// </summary>
    public TimeSpan Total => Stages.Values.Aggregate(TimeSpan.Zero, (sum, stage) => sum + (stage?.Duration ?? TimeSpan.Zero));

    /// <summary>The stages whose time is unknown.</summary>
    public IReadOnlyList<string> Unknown => [.. Stages.Where(stage => stage.Value is null).Select(stage => stage.Key)];

    /// <summary>Estimates a plan.</summary>
    public static PlanEstimate Of(IReadOnlyList<PlannedStage> plan, StageTimes times) => new(new OrderedDictionary<string, StageEstimate?>(
        plan.Where(stage => stage.State != StageState.Hit).Select(stage => KeyValuePair.Create(stage.Stage.Name, times.Estimate(stage.Stage.Identity)))));
}
