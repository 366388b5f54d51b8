using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Runs;

/// <summary>The call that started a run, with everything needed to repeat it.</summary>
/// <param name="Recipe">The path of the recipe, as it was given.</param>
/// <param name="WorkingDirectory">The folder to which this path, and the files in the recipe, are relative.</param>
/// <param name="Arguments">The profile and the <c>--set</c> values.</param>
/// <param name="Selection">The selected stages. <c>--force</c> and <c>--fresh</c> are not recorded, because those stages were
/// already started again.</param>
/// <param name="Jobs">The number of stages that run at the same time, or null. The number of threads of a training
/// depends on it, and so do the training's floating-point results.</param>
public sealed record RunCall(string Recipe, string WorkingDirectory, RecipeArguments Arguments, RunSelection Selection, int? Jobs = null)
{
    /// <summary>The call as JSON, for the run's journal.</summary>
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

    /// <summary>Reads the call from a journal entry; null when the entry has none.</summary>
    public static RunCall? Read(JsonNode? json) => json is not JsonObject call || (string?)call["recipe"] is not { } recipe || (string?)call["folder"] is not { } folder ? null : new(
        recipe,
        folder,
        new RecipeArguments { Sets = Texts(call["set"]), Profile = (string?)call["profile"] },
        new RunSelection { Only = Texts(call["only"]), From = (string?)call["from"], Until = (string?)call["until"] },
        (int?)call["jobs"]);

    /// <summary>The command that makes the same call, for people to read.</summary>
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
