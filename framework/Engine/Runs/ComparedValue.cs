using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Runs;

/// <summary>One value in two runs.</summary>
/// <param name="Stage">The stage; empty for what belongs to the run.</param>
/// <param name="Name">What it is: <c>with.steps</c>, <c>result loss</c>, <c>seconds</c>.</param>
/// <param name="Left">In the first run; null when it is not there.</param>
/// <param name="Right">In the second run; null when it is not there.</param>
public sealed record ComparedValue(string Stage, string Name, JsonNode? Left, JsonNode? Right)
{
    /// <summary>Whether the runs have the same.</summary>
    public bool IsSame => JsonNode.DeepEquals(Left, Right);

    /// <summary>Whether it is a time, which differs from run to run even when nothing else does.</summary>
    public bool IsTime => Name == "seconds" || Name.EndsWith("_per_second", StringComparison.Ordinal) || Name.EndsWith("_seconds", StringComparison.Ordinal);

    /// <summary>By how much the second number is more than the first, or null when they are no numbers.</summary>
    public double? Change => Number(Left) is { } left && Number(Right) is { } right ? right - left : null;

    /// <summary>The change as a share of the first number, or null when there is none.</summary>
    public double? Share => Change is { } change && Number(Left) is { } left && left != 0 ? change / Math.Abs(left) : null;

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;
}
