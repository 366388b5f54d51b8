namespace Experiments.Engine.Yaml;

/// <summary>Paths that a recipe gives.</summary>
internal static class RecipePath
{
    /// <summary>The full path; null for a text that no path can be: an empty one, or one with a NUL in it.</summary>
    /// <param name="text">The path as it was written.</param>
    /// <param name="folder">The folder to which it is relative.</param>
    public static string? Full(string text, string folder) =>
        string.IsNullOrWhiteSpace(text) || text.Contains('\0') ? null : Path.GetFullPath(text, folder);
}
