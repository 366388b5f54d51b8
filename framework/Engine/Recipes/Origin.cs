using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Says in a few words where a value comes from.</summary>
internal static class Origin
{
    /// <summary>
    /// For a comment after the value; null when the value is written literally in the recipe's own file.
    /// </summary>
    /// <param name="node">The value's node, or null for a default.</param>
    /// <param name="recipeFile">The recipe's own file, as locations name it.</param>
    public static string? Of(RecipeNode? node, string recipeFile)
    {
        if (node is null)
        {
            return "default";
        }

        var place = Elsewhere((node.Interpolated?.Written ?? node).Location, recipeFile);
        if (node.Interpolated is not { References.Count: > 0 } interpolation)
        {
            return place;
        }

        var sources = interpolation.References.Select(reference => Elsewhere((reference.Value.Interpolated?.Written ?? reference.Value).Location, recipeFile));
        return string.Join(", ", [.. place is null ? [] : new[] { place }, OneLine(interpolation.Written.Text), .. sources.OfType<string>().Distinct()]);
    }

    /// <summary>A location in full: <c>r.yaml(9,3), profile smoke</c>.</summary>
    public static string Place(SourceLocation location) => OneLine(location.ToString()) + (location.Profile is { } profile ? $", profile {profile}" : "");

    /// <summary>A text without line breaks, shortened to a length.</summary>
    public static string OneLine(string text, int length = 100)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Length <= length ? line : line[..(length - 3)] + "...";
    }

    private static string? Elsewhere(SourceLocation location, string recipeFile) =>
        location.Profile is { } profile ? $"profile {profile}"
        : location.File == recipeFile && location.Line > 0 ? null
        : OneLine(location.ToString());
}
