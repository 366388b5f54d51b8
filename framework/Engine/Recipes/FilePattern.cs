using Experiments.Contracts.Artifacts;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Finds files by pattern, as shells do: <c>*</c> and <c>?</c> match within a name, <c>**</c> matches any folders.
/// Names that begin with a dot only match when the pattern writes the dot. A pattern that names a folder means all
/// files below it, except an artifact's own bookkeeping.
/// </summary>
internal static class FilePattern
{
    /// <summary>Absolute paths in ordinal order; empty when nothing matches.</summary>
    public static IReadOnlyList<string> Find(string pattern, string workingDirectory)
    {
        var full = Path.GetFullPath(pattern, workingDirectory);
        if (Directory.Exists(full))
        {
            string[] below = [.. Find(Path.Combine(full, "**", "*"), workingDirectory)];
            return [.. below.Where(path => !ArtifactLocation.IsBookkeeping(Path.GetRelativePath(full, path)))];
        }

        SortedSet<string> found = new(StringComparer.Ordinal);
        Walk("/", full.Split('/', StringSplitOptions.RemoveEmptyEntries), found);
        return [.. found];
    }

    /// <summary>The message that no file matches a pattern.</summary>
    public static string NoMatch(string pattern, string workingDirectory) =>
        $"no file matches '{pattern}'. Patterns may use *, ? and **. Relative patterns start at the working directory, {workingDirectory}.";

    private static void Walk(string folder, ReadOnlySpan<string> parts, SortedSet<string> found)
    {
        if (parts.Length == 0)
        {
            return;
        }

        var part = parts[0];
        var rest = parts[1..];
        if (part == "**")
        {
            Walk(folder, rest, found);
            foreach (var inner in Names(folder, Directory.EnumerateDirectories).Where(name => name[0] != '.'))
            {
                Walk(Path.Combine(folder, inner), parts, found);
            }
        }
        else if (!part.AsSpan().ContainsAny('*', '?'))
        {
            Step(Path.Combine(folder, part), rest, found);
        }
        else
        {
            foreach (var name in Names(folder, Directory.EnumerateFileSystemEntries).Where(name => Matches(name, part)))
            {
                Step(Path.Combine(folder, name), rest, found);
            }
        }
    }

    private static void Step(string path, ReadOnlySpan<string> rest, SortedSet<string> found)
    {
        if (rest.Length > 0)
        {
            Walk(path, rest, found);
        }
        else if (File.Exists(path))
        {
            found.Add(path);
        }
    }

    private static IEnumerable<string> Names(string folder, Func<string, IEnumerable<string>> list) =>
        Directory.Exists(folder) ? list(folder).Select(path => Path.GetFileName(path)) : [];

    private static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern) =>
        (name[0] != '.' || pattern[0] == '.') && System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
