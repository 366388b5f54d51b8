using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>One place that set a value.</summary>
/// <param name="Text">What was written.</param>
/// <param name="Place">Where: <c>r.yaml(9,3)</c>, <c>r.yaml(40,5), profile smoke</c>, <c>--set vars.x=1</c>,
/// <c>environment</c>.</param>
/// <param name="References">The names that it uses in <c>$(...)</c>, each with the places that set it.</param>
public sealed record Setting(string Text, string Place, IReadOnlyList<SettingHistory> References)
{
    private const int LongestText = 60;

    /// <summary>The setting of a node, then the one that it replaced, and so on.</summary>
    internal static IReadOnlyList<Setting> Of(RecipeNode? node)
    {
        List<Setting> settings = [];
        for (var each = node?.Interpolated?.Written ?? node; each is not null; each = each.Replaced)
        {
            var references = settings.Count == 0 ? node!.Interpolated?.References.DistinctBy(reference => reference.Name) ?? [] : [];
            settings.Add(new(
                Origin.OneLine(YamlText.Of(each), LongestText),
                Origin.Place(each.Location),
                [.. references.Select(reference => new SettingHistory(reference.Name, Of(reference.Value), reference.IsDefault))]));
        }

        return settings;
    }
}

/// <summary>All places that set something.</summary>
/// <param name="Name">What was set: <c>vars.tokens</c>, <c>env.HOME</c>, <c>stages.base.with.optimizer</c>.</param>
/// <param name="Settings">The setting in force, then those that it replaced, the most recent first.</param>
/// <param name="IsDefault">Whether the name was not set, so that its default is used.</param>
public sealed record SettingHistory(string Name, IReadOnlyList<Setting> Settings, bool IsDefault = false);
