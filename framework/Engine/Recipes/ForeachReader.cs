using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Reads the values of a name in <c>foreach</c>: a list, a mapping of names to values, or files by pattern.
/// </summary>
/// <param name="problems">Collects the problems.</param>
/// <param name="files">Finds the files of patterns.</param>
/// <param name="workingDirectory">The folder to which file patterns are relative.</param>
internal sealed class ForeachReader(RecipeProblems problems, FilePatterns files, string workingDirectory)
{
    private const string File = "file:";
    private static readonly string[] Packings = [".gz", ".zst"];

    /// <summary>The values in order, each with its own slug.</summary>
    /// <returns>Null after a problem, which is reported.</returns>
    public IReadOnlyList<ForeachValue>? Read(string stage, MappingEntry name)
    {
        var before = problems.Count;
        var subject = $"stage '{stage}': foreach '{name.Key}'";
        List<ForeachValue> values = name.Value switch
        {
            MappingNode map => [.. map.Entries.Select(entry => new ForeachValue(Slug(entry.Key), entry.Value))],
            SequenceNode list => [.. list.Items.SelectMany(item => IsPattern(item) ? Files((ScalarNode)item, subject) : [Single(item)])],
            ScalarNode pattern when IsPattern(pattern) => [.. Files(pattern, subject)],
            _ => [],
        };
        if (values.Count == 0 && problems.Count == before && name.Value is not BrokenNode)
        {
            problems.Add(name.Value.Location, name.Value is ScalarNode
                ? $"{subject} wants a list of values, a mapping of names to values or file:PATTERN, not {name.Value.Describe()}."
                : $"{subject} has no value, so there would be no '{stage}' at all.");
        }

        foreach (var shared in values.GroupBy(value => value.Slug).Where(group => group.Key.Length == 0 || group.Count() > 1))
        {
            var known = shared.Where(value => value.Node is not BrokenNode).ToList();
            var (last, both) = (known.LastOrDefault(), string.Join(" and ", known.Select(value => value.Node.Describe())));
            if (last is not null)
            {
                problems.Add(last.Node.Location, shared.Key.Length == 0
                    ? $"{subject}: {both} cannot be part of a stage's name. Name the values: {name.Key}: {{ NAME: VALUE, ... }}."
                    : $"{subject}: {both} would each be stage '{stage}-{shared.Key}'. Name the values: {name.Key}: {{ NAME: VALUE, ... }}.");
            }
        }

        return problems.Count == before && values.Count > 0 && values.All(value => value.Node is not BrokenNode) ? values : null;
    }

    private static bool IsPattern(RecipeNode node) => node is ScalarNode scalar && scalar.Text.StartsWith(File, StringComparison.Ordinal);

    private static ForeachValue Single(RecipeNode item) => new(item is ScalarNode { IsNull: false } scalar ? Slug(scalar.Text) : "", item);

    /// <summary>
    /// One value per file. Its slug is made from the path, relative to the folder before the first wildcard and without
    /// the extension.
    /// </summary>
    private IEnumerable<ForeachValue> Files(ScalarNode written, string subject)
    {
        var pattern = written.Text[File.Length..].Trim();
        var found = files.Find(pattern);
        if (found.Problem is not null)
        {
            problems.Add(written.Location, $"{subject}: {found.Problem}");
            return [];
        }

        var start = Path.GetFullPath(string.Join('/', pattern.Split('/').TakeWhile(part => !part.AsSpan().ContainsAny('*', '?'))), workingDirectory);
        var folder = Directory.Exists(start) ? start : Path.GetDirectoryName(start)!;
        return found.Files.Select(file => new ForeachValue(
            Slug(WithoutEnding(Path.GetRelativePath(folder, file))),
            written with { Text = File + (Path.IsPathRooted(pattern) ? file : Path.GetRelativePath(workingDirectory, file)) }));
    }

    private static string WithoutEnding(string path) =>
        Path.ChangeExtension(Packings.Any(packing => path.EndsWith(packing, StringComparison.Ordinal)) ? Path.ChangeExtension(path, null) : path, null);

    /// <summary>A text in kebab-case: lower-case letters and digits; anything else becomes a single '-'.</summary>
    private static string Slug(string text) =>
        string.Join('-', new string([.. text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '-')]).Split('-', StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>One value of a name in <c>foreach</c>.</summary>
/// <param name="Slug">The part of the stage's name that stands for it, in kebab-case.</param>
/// <param name="Node">The value.</param>
internal sealed record ForeachValue(string Slug, RecipeNode Node);
