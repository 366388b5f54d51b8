using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Planning;

/// <summary>One thing that distinguishes two identities of one stage.</summary>
/// <param name="Path">Where it stands in the identity: <c>plugin.steps.2.min_score</c>, <c>inputs.documents</c>, <c>seed</c>.</param>
/// <param name="Old">What it was, or null when it was not there.</param>
/// <param name="Now">What it is, or null when it is no longer there.</param>
/// <param name="Plugin">The plugin whose it is, the innermost of nested ones; empty outside of plugins.</param>
/// <param name="IsItem">Whether it is a whole item of a list, which was added or taken out.</param>
public sealed record IdentityChange(string Path, JsonNode? Old, JsonNode? Now, string Plugin = "", bool IsItem = false)
{
    private const string Options = "plugin.";
    private const string Inputs = "inputs.";
    private const int LongestValue = 40;

    /// <summary>The input that it is about, or null.</summary>
    public string? Input => Path.StartsWith(Inputs, StringComparison.Ordinal) ? Path[Inputs.Length..] : null;

    /// <summary>The option that it is about by its path from the stage, <c>with.steps.2.min_score</c>, or the path as it is.</summary>
    public string Name => Path.StartsWith(Options, StringComparison.Ordinal) ? "with." + Path[Options.Length..] : Path;

    /// <summary>A phrase for a person: <c>with.width: 96 -> 128</c>.</summary>
    public override string ToString()
    {
        var leaf = Path[(Path.LastIndexOf('.') + 1)..];
        return (Input, leaf) switch
        {
            ({ } input, _) => Old is null ? $"input '{input}' is new" : Now is null ? $"input '{input}' was taken away" : $"input '{input}' has other content",
            _ when Path == "contract" => $"the rules by which keys are made: {Show(Old)} -> {Show(Now)}",
            _ when Plugin.Length > 0 && leaf == "version" => $"version of '{Plugin}': {Show(Old)} -> {Show(Now)}",
            _ when Plugin.Length > 0 && leaf == "source" => $"the source of '{Plugin}' has changed",
            _ when IsItem => Old is null ? $"{Name}: {Show(Now)} was added" : $"{Name}: {Show(Old)} was taken out",
            _ => $"{Name}: {Show(Old)} -> {Show(Now)}",
        };
    }

    /// <summary>How far apart the two values are: of numbers a tenth each time one is doubled to reach the other, otherwise 1, which is also the most.</summary>
    internal double Distance =>
        Number(Old) is { } old && Number(Now) is { } now && old > 0 && now > 0 ? Math.Min(1, Math.Abs(Math.Log2(old / now)) / 10) : 1;

    private static double? Number(JsonNode? value) =>
        value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : null;

    private static string Show(JsonNode? value)
    {
        var text = value switch
        {
            null => "unset",
            JsonObject map when (string?)map["use"] is { } plugin => plugin,
            _ => Number(value)?.ToString("R", CultureInfo.InvariantCulture) ?? value.ToJsonString(),
        };
        return text.Length <= LongestValue ? text : text[..LongestValue] + "...";
    }
}
