using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>One value of a recipe that a sweep varies, and where its values come from.</summary>
/// <param name="Name">Its name in the sweep.</param>
/// <param name="Path">Its path in the recipe, as <c>--set</c> takes it.</param>
/// <param name="Domain">The values.</param>
/// <param name="Location">Where the path was written.</param>
/// <param name="ValueLocations">Where the values, or the two ends of the range, were written.</param>
public sealed record SweepParameter(string Name, string Path, SweepDomain Domain, SourceLocation Location, IReadOnlyList<SourceLocation> ValueLocations);

/// <summary>The values that a parameter may take.</summary>
public abstract record SweepDomain;

/// <summary>A list of values without an order.</summary>
/// <param name="Values">The values, at least one.</param>
public sealed record Choice(IReadOnlyList<JsonNode?> Values) : SweepDomain
{
    /// <summary>The index of a value, or -1.</summary>
    public int IndexOf(JsonNode? value) => Values.Select(CanonicalJson.Text).ToList().IndexOf(CanonicalJson.Text(value));
}

/// <summary>A range of numbers, both ends included.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
/// <param name="IsLog">Whether the scale is logarithmic.</param>
/// <param name="IsWhole">Whether it holds whole numbers only.</param>
public sealed record Interval(double Low, double High, bool IsLog, bool IsWhole) : SweepDomain
{
    /// <summary>
    /// The start of the range on a scale where all positions are equally likely. Each whole number owns one unit, so
    /// the scale starts half a unit below the lowest.
    /// </summary>
    public double Start => ToScale(IsWhole ? Low - 0.5 : Low);

    /// <summary>The end of the range on that scale.</summary>
    public double End => ToScale(IsWhole ? High + 0.5 : High);

    /// <summary>A number's position on the scale.</summary>
    public double ToScale(double value) => IsLog ? Math.Log(value) : value;

    /// <summary>The number at a position of the scale.</summary>
    public JsonNode FromScale(double place)
    {
        var value = IsLog ? Math.Exp(place) : place;
        return IsWhole ? JsonValue.Create((long)Math.Clamp(Math.Round(value), Low, High)) : JsonValue.Create(Math.Clamp(value, Low, High));
    }
}
