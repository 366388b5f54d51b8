using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>A condition on a stage's result. Stages that read this one run only when it holds.</summary>
/// <param name="Metric">The metric. Its last value is compared.</param>
/// <param name="Text">The condition as written: <c>&lt; 3.2</c>, <c>0.5..0.9</c>.</param>
/// <param name="Location">Where it was written.</param>
public sealed record Expectation(string Metric, string Text, SourceLocation Location)
{
    private static readonly string[] Operators = ["<=", ">=", "==", "<", ">"];

    /// <summary>The allowed forms, for a message.</summary>
    internal const string Allowed = "a condition: \"< 3.2\", \"<= 3.2\", \"> 0.5\", \">= 0.5\", \"== 1\" or \"0.5..0.9\"";

    /// <summary>Whether a value meets the condition. NaN meets no condition.</summary>
    public bool Holds(double value)
    {
        var (comparison, low, high) = Parse(Text)!.Value;
        return comparison switch
        {
            "<" => value < low,
            "<=" => value <= low,
            ">" => value > low,
            ">=" => value >= low,
            "==" => value == low,
            _ => value >= low && value <= high,
        };
    }

    /// <summary>Whether a text is a condition.</summary>
    internal static bool IsValid(string text) => Parse(text) is not null;

    private static (string Comparison, double Low, double High)? Parse(string text)
    {
        var condition = text.Trim();
        if (Operators.FirstOrDefault(each => condition.StartsWith(each, StringComparison.Ordinal)) is { } comparison)
        {
            return ScalarText.Number(condition[comparison.Length..].Trim()) is { } bound ? (comparison, bound, bound) : null;
        }

        var dots = condition.IndexOf("..", StringComparison.Ordinal);
        return dots > 0
            && ScalarText.Number(condition[..dots].Trim()) is { } low
            && ScalarText.Number(condition[(dots + 2)..].Trim()) is { } high
            && low <= high
            ? ("..", low, high)
            : null;
    }
}
