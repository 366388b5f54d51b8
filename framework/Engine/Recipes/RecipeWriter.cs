using System.Text;
using System.Text.Json.Nodes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Writes a checked recipe as YAML: merged, interpolated and with all defaults. The result is itself a recipe. A value
/// that is not written literally in the recipe's own file gets a comment that says where it comes from.
/// </summary>
public static class RecipeWriter
{
    private const int CommentColumn = 48;
    private const int LongestLine = 110;

    /// <summary>The whole recipe.</summary>
    public static string Write(CheckedRecipe recipe)
    {
        var lines = new Lines(recipe.Path);
        foreach (var (key, value) in ResolvedValue.Of(recipe).Children)
        {
            if (key != "stages")
            {
                lines.Add("", key, value);
                continue;
            }

            lines.Add("\nstages:");
            foreach (var (name, stage) in value.Children)
            {
                lines.Add($"  {YamlText.Of(name)}:");
                foreach (var (part, written) in stage.Children.Where(child => child.Value is not { IsLeaf: true, Written: null }))
                {
                    lines.Add("    ", part, written);
                }

                lines.Add("");
            }
        }

        return lines.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>One value of a recipe, after its key.</summary>
    internal static string Write(string indent, string key, ResolvedValue value, string recipeFile)
    {
        var lines = new Lines(recipeFile);
        lines.Add(indent, key, value);
        return lines.ToString();
    }

    private sealed class Lines(string recipeFile)
    {
        private readonly StringBuilder _text = new();

        public void Add(string line, string? comment = null) =>
            _text.Append(comment is null ? line : $"{line.PadRight(CommentColumn - 2)}  # {comment}").Append('\n');

        /// <summary>A key and its value: on one line when all of the value comes from one place.</summary>
        public void Add(string indent, string key, ResolvedValue value) => AddAfter($"{indent}{YamlText.Of(key)}:", indent + "  ", value);

        public override string ToString() => _text.ToString();

        private void AddAfter(string head, string indent, ResolvedValue value)
        {
            if (value.IsLeaf || (!HoldsPlugin(value) && Origins(value) is [_] && head.Length + Flow(value).Length < LongestLine))
            {
                Add($"{head} {Flow(value)}", Origins(value)[0]);
            }
            else if (value.Json is JsonArray)
            {
                Add(head);
                foreach (var (_, item) in value.Children)
                {
                    AddItem(indent, item);
                }
            }
            else
            {
                Add(head);
                foreach (var (key, child) in value.Children)
                {
                    Add(indent, key, child);
                }
            }
        }

        private void AddItem(string indent, ResolvedValue item)
        {
            if (item is { IsLeaf: true } or { Json: JsonArray })
            {
                AddAfter($"{indent}-", indent + "  ", item);
                return;
            }

            var bullet = "- ";
            foreach (var (key, child) in item.Children)
            {
                AddAfter($"{indent}{bullet}{YamlText.Of(key)}:", indent + "    ", child);
                bullet = "  ";
            }
        }

        /// <summary>
        /// Whether it holds a plugin, which is written with one line for its name and one for each option.
        /// </summary>
        private static bool HoldsPlugin(ResolvedValue value) =>
            (value.Json is JsonObject map && map.ContainsKey("use")) || value.Children.Any(child => HoldsPlugin(child.Value));

        private static string Flow(ResolvedValue value) =>
            value.IsLeaf ? YamlText.Of(value.Json)
            : value.Json is JsonArray ? $"[{string.Join(", ", value.Children.Select(child => Flow(child.Value)))}]"
            : $"{{ {string.Join(", ", value.Children.Select(child => $"{YamlText.Of(child.Key)}: {Flow(child.Value)}"))} }}";

        private string?[] Origins(ResolvedValue value) =>
            value.IsLeaf ? [Origin.Of(value.Written, recipeFile)] : [.. value.Children.SelectMany(child => Origins(child.Value)).Distinct()];
    }
}
