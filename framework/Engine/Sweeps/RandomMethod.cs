using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>Points drawn independently of each other (Bergstra and Bengio 2012).</summary>
/// <remarks>
/// Each parameter has its own random stream, so that adding a parameter does not change the values of the others.
/// </remarks>
public sealed class RandomMethod(SweepPlan plan) : ISweepMethod
{
    /// <inheritdoc/>
    public bool Learns(int number) => false;

    /// <inheritdoc/>
    public SweepPoint Choose(int number, IReadOnlyList<PointResult> earlier) =>
        new([.. plan.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, Draw(parameter, number)))]);

    private JsonNode? Draw(SweepParameter parameter, int number)
    {
        var random = new RandomStream(plan.Seed, $"sweep random {parameter.Name}", number);
        return parameter.Domain switch
        {
            Interval interval => interval.FromScale(interval.Start + (random.NextDouble() * (interval.End - interval.Start))),
            Choice choice => random.Pick(choice.Values),
            var other => throw new NotSupportedException($"{other.GetType().Name} is not a known domain."),
        };
    }
}
