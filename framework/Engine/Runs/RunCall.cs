using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>How a run was asked for: enough to ask for it again.</summary>
/// <param name="Recipe">The recipe's file as it was named.</param>
/// <param name="WorkingDirectory">The folder to which it, and the files that it names, are relative.</param>
/// <param name="Arguments">What was laid over it.</param>
/// <param name="Selection">Which stages; stages to be made again are not recorded, for they were.</param>
/// <param name="Jobs">Stages side by side, or null: on it depends how many threads a training has, and with them its sums.</param>
public sealed record RunCall(string Recipe, string WorkingDirectory, RecipeArguments Arguments, RunSelection Selection, int? Jobs = null)
{
    /// <summary>The call as it stands in the run's journal.</summary>
    public JsonObject ToJson() => new()
    {
        ["recipe"] = Recipe,
        ["folder"] = WorkingDirectory,
        ["set"] = List(Arguments.Sets),
        ["profile"] = Arguments.Profile,
        ["only"] = List(Selection.Only),
        ["from"] = Selection.From,
        ["until"] = Selection.Until,
        ["jobs"] = Jobs,
    };

    /// <summary>The call that a journal recorded, or null when it recorded none.</summary>
    public static RunCall? Read(JsonNode? json) => json is not JsonObject call || (string?)call["recipe"] is not { } recipe || (string?)call["folder"] is not { } folder ? null : new(
        recipe,
        folder,
        new RecipeArguments { Sets = Texts(call["set"]), Profile = (string?)call["profile"] },
        new RunSelection { Only = Texts(call["only"]), From = (string?)call["from"], Until = (string?)call["until"] },
        (int?)call["jobs"]);

    /// <summary>The command that asks for the same, for a person to read.</summary>
    public override string ToString() => string.Join(' ', (string[])[
        "lab run",
        Recipe,
        .. Arguments.Profile is { } profile ? [$"--profile {profile}"] : (string[])[],
        .. Arguments.Sets.Select(set => $"--set {Quoted(set)}"),
        .. Selection.Only.Select(stage => $"--only {stage}"),
        .. Selection.From is { } from ? [$"--from {from}"] : (string[])[],
        .. Selection.Until is { } until ? [$"--until {until}"] : (string[])[],
        .. Jobs is { } jobs ? [string.Create(CultureInfo.InvariantCulture, $"--jobs {jobs}")] : (string[])[]]);

    private static JsonArray List(IReadOnlyList<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];

    private static IReadOnlyList<string> Texts(JsonNode? list) => list is JsonArray items ? [.. items.Select(item => (string)item!)] : [];

    private static string Quoted(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./=+:,@".Contains(letter, StringComparison.Ordinal)) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
