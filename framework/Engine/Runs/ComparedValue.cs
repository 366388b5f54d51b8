using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>One value in two runs.</summary>
/// <param name="Stage">The stage; empty for a value of the whole run.</param>
/// <param name="Name">Its name: <c>with.steps</c>, <c>result loss</c>, <c>seconds</c>.</param>
/// <param name="Left">The value in the first run; null when the run does not have it.</param>
/// <param name="Right">The value in the second run; null when the run does not have it.</param>
public sealed record ComparedValue(string Stage, string Name, JsonNode? Left, JsonNode? Right)
{
    /// <summary>Whether both runs have the same value.</summary>
    public bool IsSame => JsonNode.DeepEquals(Left, Right);

    /// <summary>Whether it is a time or a speed, which differs between runs even if nothing else does.</summary>
    public bool IsTime => Name == "seconds" || Name.EndsWith("_per_second", StringComparison.Ordinal) || Name.EndsWith("_seconds", StringComparison.Ordinal);

    /// <summary>The second number minus the first; null when they are not both numbers.</summary>
    public double? Change => FlatJson.Number(Left) is { } left && FlatJson.Number(Right) is { } right ? right - left : null;

    /// <summary>
    /// The change as a share of the first number; null when there is no change to compute, or the first number is 0.
    /// </summary>
    public double? Share => Change is { } change && FlatJson.Number(Left) is { } left && left != 0 ? change / Math.Abs(left) : null;
}
