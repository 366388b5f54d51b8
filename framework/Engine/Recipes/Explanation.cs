using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Where a value of a recipe comes from.</summary>
public sealed record Explanation
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Its path in the recipe: <c>stages.base.with.steps</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The value.</summary>
    public required JsonNode? Value { get; init; }

    /// <summary>
    /// Where it was set, then the settings that this one replaced, the most recent first; empty for a default.
    /// </summary>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>
    /// The lists, mappings and plugins around the value that were replaced as a whole or came from a variable, the
    /// innermost first.
    /// </summary>
    public required IReadOnlyList<SettingHistory> Around { get; init; }

    /// <summary>
    /// The plugin or section that has this option: <c>optimizer 'adamw'</c>; null when the value is not an option.
    /// </summary>
    public string? Owner { get; init; }

    /// <summary>What may be written: <c>a number, 0 to 1</c>; null when the value is not an option.</summary>
    public string? Allowed { get; init; }

    /// <summary>What the option means; null when the value is not an option.</summary>
    public string? Summary { get; init; }

    private string Block { get; init; } = "";

    /// <summary>Explains a value.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="catalog">The plugins.</param>
    /// <param name="path">As <c>--set</c> takes it: <c>stages.base.with.steps</c>, <c>vars.tokens</c>,
    /// <c>stages.clean.with.steps.1.keep</c>.</param>
    /// <exception cref="RecipeException">The recipe has no value at this path.</exception>
    public static Explanation Of(CheckedRecipe recipe, PluginCatalog catalog, string path)
    {
        List<(string Key, ResolvedValue Value)> steps = [];
        var value = ResolvedValue.Of(recipe, isWhole: true);
        foreach (var key in path.Trim().Split('.'))
        {
            value = Step(recipe, path, value, key);
            steps.Add((key, value));
        }

        var option = OptionLookup.Find(recipe, catalog, steps);
        return new()
        {
            Path = value.Path,
            Value = value.Json?.DeepClone(),
            Settings = Setting.Of(value.Written),
            Around =
            [
                .. from step in steps.SkipLast(1).Reverse()
                   where step.Value.Written is { Replaced: not null } or { Interpolated: not null }
                   select new SettingHistory(step.Value.Path, Setting.Of(step.Value.Written)),
            ],
            Owner = option?.Owner,
            Allowed = option is var (allowed, _) ? allowed.Allowed is { } bounds ? $"{allowed.Type}, {bounds}" : allowed.Type : null,
            Summary = option?.Option.Summary,
            Block = RecipeWriter.Write("", value.Path, value, recipe.Path),
        };
    }

    /// <summary>As JSON with keys in snake_case.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Names)!.AsObject();

    /// <summary>For people: the value, then one line for each place that set it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Value is JsonObject or JsonArray ? Block : $"{Path}: {YamlText.Of(Value)}\n");
        if (Settings.Count == 0)
        {
            text.Append($"  default{(Owner is null ? "" : $" of {Owner}")}\n");
        }

        Append(text, Settings, "  ");
        foreach (var around in Around)
        {
            text.Append($"  {around.Name}\n");
            Append(text, around.Settings, "    ");
        }

        return text.Append(Allowed is null ? "" : $"  {Allowed}. {Summary}\n").ToString();
    }

    private static void Append(StringBuilder text, IReadOnlyList<Setting> settings, string indent)
    {
        foreach (var (index, setting) in settings.Index())
        {
            text.Append($"{indent}{(index == 0 ? "set to" : "instead of"),-12}{setting.Text,-24}  {setting.Place}\n");
            foreach (var reference in setting.References)
            {
                text.Append($"{indent}  {reference.Name}{(reference.IsDefault ? " is not set; its default is used" : "")}\n");
                Append(text, reference.Settings, indent + "    ");
            }
        }
    }

    private static ResolvedValue Step(CheckedRecipe recipe, string path, ResolvedValue value, string key)
    {
        var children = value.Children.ToList();
        if (children.FirstOrDefault(child => child.Key == key).Value is { } found)
        {
            return found;
        }

        var group = value.Path == "stages" ? recipe.Stages.Where(stage => stage.Group == key).Select(stage => stage.Name).ToList() : [];
        var place = value.Path.Length == 0 ? "the recipe" : $"'{value.Path}'";
        var problems = new RecipeProblems();
        problems.Add(SourceLocation.Of($"--explain {path}"), group.Count > 0
            ? $"'stages.{key}' means {group.Count} stages. Name one of them: {string.Join(", ", group)}."
            : value.IsLeaf ? $"{place} is {YamlText.Of(value.Json)}, which holds no '{key}'."
            : $"{place} has {Suggestion.No("value", key, "values", children.Select(child => child.Key))}");
        throw new RecipeException(problems);
    }
}
