using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>All combinations of the values: the first parameter is the outermost loop.</summary>
public sealed class GridMethod(SweepPlan plan) : ISweepMethod
{
    /// <inheritdoc/>
    public bool Learns(int number) => false;

    /// <inheritdoc/>
    public SweepPoint Choose(int number, IReadOnlyList<PointResult> earlier)
    {
        var rest = number - 1;
        var values = plan.Parameters.Reverse().Select(parameter =>
        {
            var choices = ((Choice)parameter.Domain).Values;
            (rest, var index) = Math.DivRem(rest, choices.Count);
            return KeyValuePair.Create(parameter.Name, choices[index]);
        }).ToList();
        values.Reverse();
        return new(values);
    }
}
