using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>One time that a value was set.</summary>
/// <param name="Text">What was written.</param>
/// <param name="Place">Where: <c>r.yaml(9,3)</c>, <c>r.yaml(40,5), profile smoke</c>, <c>--set vars.x=1</c>, <c>environment</c>.</param>
/// <param name="References">What it named by <c>$(...)</c>, with where each was set in turn.</param>
public sealed record Setting(string Text, string Place, IReadOnlyList<SettingHistory> References)
{
    private const int LongestText = 60;

    /// <summary>What stands in a node, then what it took the place of, and so on.</summary>
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

/// <summary>The times that something was set.</summary>
/// <param name="Name">What: <c>vars.tokens</c>, <c>env.HOME</c>, <c>stages.base.with.optimizer</c>.</param>
/// <param name="Settings">The one that holds, then those that it took the place of, the nearest first.</param>
/// <param name="IsDefault">Whether the name was not set, so that the default beside it holds.</param>
public sealed record SettingHistory(string Name, IReadOnlyList<Setting> Settings, bool IsDefault = false);
