using Experiments.Engine.Plugins;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Rules of options that are code of the recipe's plugin files. Reading a recipe does not run this code, so a worker
/// checks them before the first stage runs.
/// </summary>
public static class OwnRules
{
    /// <summary>What the stages of a recipe leave to a worker: <c>option 'x' of stage 'evil'</c>, each once.</summary>
    public static IReadOnlyList<string> Of(CheckedRecipe recipe) =>
        [.. recipe.Stages.SelectMany(stage => stage.Plugins).Distinct().Where(plugin => plugin is { IsForeign: true, Shape: not null })
            .SelectMany(plugin => In(plugin.Shape!, $"{plugin.Kind} '{plugin.Name}'", "")).Distinct()];

    private static IEnumerable<string> In(RecordShape record, string owner, string prefix) =>
    [
        .. record.HasOwnChecks ? [prefix.Length == 0 ? owner : $"option '{prefix.TrimEnd('.')}' of {owner}"] : (string[])[],
        .. record.Options.SelectMany(option => (string[])
        [
            .. option.HasOwnChecks ? [$"option '{prefix}{option.Name}' of {owner}"] : (string[])[],
            .. Records(option.Shape).SelectMany(inner => In(inner, owner, $"{prefix}{option.Name}.")),
        ]),
    ];

    private static IEnumerable<RecordShape> Records(ValueShape shape) => shape switch
    {
        RecordShape record => [record],
        ListShape list => Records(list.Item),
        MapShape map => Records(map.Item),
        _ => [],
    };
}
