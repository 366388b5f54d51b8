using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Runs;

namespace Experiments.Engine.Planning;

/// <summary>One difference between two identities of a stage.</summary>
/// <param name="Path">Its path in the identity: <c>plugin.steps.2.min_score</c>, <c>inputs.documents</c>,
/// <c>seed</c>.</param>
/// <param name="Old">The old value, or null when there was none.</param>
/// <param name="Now">The new value, or null when there is none.</param>
/// <param name="Plugin">The plugin that it belongs to, the innermost one when plugins are nested; empty outside of
/// plugins.</param>
/// <param name="IsItem">Whether it is a whole list item that was added or removed.</param>
public sealed record IdentityChange(string Path, JsonNode? Old, JsonNode? Now, string Plugin = "", bool IsItem = false)
{
    private const string Options = "plugin.";
    private const string Inputs = "inputs.";
    private const int LongestValue = 40;

    /// <summary>The input that changed, or null.</summary>
    public string? Input => Path.StartsWith(Inputs, StringComparison.Ordinal) ? Path[Inputs.Length..] : null;

    /// <summary>
    /// The path as recipes write it: <c>with.steps.2.min_score</c> for an option, otherwise <see cref="Path"/>.
    /// </summary>
    public string Name => Path.StartsWith(Options, StringComparison.Ordinal) ? "with." + Path[Options.Length..] : Path;

    /// <summary>A phrase for a person: <c>with.width: 96 -> 128</c>.</summary>
    public override string ToString()
    {
        var leaf = Path[(Path.LastIndexOf('.') + 1)..];
        return (Input, leaf) switch
        {
            ({ } input, _) => Old is null ? $"input '{input}' is new" : Now is null ? $"input '{input}' was removed" : $"input '{input}' has different content",
            _ when Path == "contract" => $"the version of the rules for keys: {Show(Old)} -> {Show(Now)}",
            _ when Plugin.Length > 0 && leaf == "version" => $"version of '{Plugin}': {Show(Old)} -> {Show(Now)}",
            _ when Plugin.Length > 0 && leaf == "source" => $"the source of '{Plugin}' has changed",
            _ when IsItem => Old is null ? $"{Name}: {Show(Now)} was added" : $"{Name}: {Show(Old)} was removed",
            _ => $"{Name}: {Show(Old)} -> {Show(Now)}",
        };
    }

    /// <summary>
    /// The distance between the two values, at most 1. For positive numbers it is 0.1 for each factor of two; for
    /// anything else it is 1.
    /// </summary>
    internal double Distance =>
        FlatJson.Number(Old) is { } old && FlatJson.Number(Now) is { } now && old > 0 && now > 0 ? Math.Min(1, Math.Abs(Math.Log2(old / now)) / 10) : 1;

    private static string Show(JsonNode? value)
    {
        var text = value switch
        {
            null => "unset",
            JsonObject map when (string?)map["use"] is { } plugin => plugin,
            _ => FlatJson.Number(value)?.ToString("R", CultureInfo.InvariantCulture) ?? value.ToJsonString(),
        };
        return text.Length <= LongestValue ? text : text[..LongestValue] + "...";
    }
}
