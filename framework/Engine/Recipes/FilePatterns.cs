using System.IO.Enumeration;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Finds files by pattern, as shells do: <c>*</c> and <c>?</c> match within a name, <c>**</c> matches any folders.
/// Names that begin with a dot only match when the pattern writes the dot. A pattern that names a folder means all
/// files below it, except an artifact's own bookkeeping. Pipes and devices are not found. <c>**</c> enters each folder
/// once: a link to a folder that was already entered is not followed.
/// </summary>
/// <param name="workingDirectory">The folder to which patterns are relative.</param>
internal sealed class FilePatterns(string workingDirectory)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };
    private readonly Dictionary<string, FoundFiles> _found = [];
    private int _visits;

    /// <summary>The files of a pattern. All patterns together may look at <see cref="RecipeLimits.Visits"/> files and folders.</summary>
    public FoundFiles Find(string pattern)
    {
        if (!_found.TryGetValue(pattern, out var found))
        {
            _found[pattern] = found = Search(pattern);
        }

        return found;
    }

    private FoundFiles Search(string pattern)
    {
        if (pattern.Length == 0 || pattern.Contains('\0'))
        {
            return new([], "a pattern of files is missing: write file:PATH, such as file:data/*.jsonl.gz.");
        }

        try
        {
            var full = Path.GetFullPath(pattern, workingDirectory);
            var kind = FileIdentity.Of(full)?.Kind;
            if (kind == FileKind.Special)
            {
                return new([], $"'{pattern}' is a pipe or a device, not a file. Write its contents to a file first.");
            }

            var files = kind == FileKind.Folder
                ? Below(Path.Combine(full, "**", "*")).Where(path => !ArtifactLocation.IsBookkeeping(Path.GetRelativePath(full, path)))
                : Below(full);
            return files.ToList() is { Count: > 0 } some ? new(some, null) : new([], NoMatch(pattern));
        }
        catch (UnauthorizedAccessException problem)
        {
            return new([], $"the pattern '{pattern}' leads into a folder without access: {problem.Message}");
        }
        catch (TooManyVisitsException)
        {
            return new([], $"the patterns of this recipe would look at more than {RecipeLimits.Visits:N0} files and folders, the last one is '{pattern}'. Begin it with a folder that has less in it.");
        }
    }

    private string NoMatch(string pattern) =>
        $"no file matches '{pattern}'. Patterns may use *, ? and **. Relative patterns start at the working directory, {workingDirectory}.";

    private SortedSet<string> Below(string full)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        Walk("/", full.Split('/', StringSplitOptions.RemoveEmptyEntries), found);
        return found;
    }

    private void Walk(string folder, ReadOnlySpan<string> parts, SortedSet<string> found)
    {
        var part = parts[0];
        var rest = parts[1..];
        if (part == "**")
        {
            if (rest.Length == 0)
            {
                return;
            }

            foreach (var inner in WithFoldersBelow(folder))
            {
                Walk(inner, rest, found);
            }
        }
        else if (!part.AsSpan().ContainsAny('*', '?'))
        {
            Step(Path.Combine(folder, part), rest, found);
        }
        else
        {
            foreach (var entry in Entries(folder).Where(entry => Matches(entry.Name, part)))
            {
                Step(Path.Combine(folder, entry.Name), rest, found);
            }
        }
    }

    private void Step(string path, ReadOnlySpan<string> rest, SortedSet<string> found)
    {
        if (rest.Length > 0)
        {
            Walk(path, rest, found);
        }
        else if (FileIdentity.Of(path)?.Kind == FileKind.Regular)
        {
            found.Add(path);
        }
    }

    /// <summary>
    /// A folder and all folders below it. Links come after the folders themselves, so that a file is found by the path that has no
    /// link in it.
    /// </summary>
    private List<string> WithFoldersBelow(string top)
    {
        List<string> folders = [];
        HashSet<FileIdentity> entered = [];
        Queue<string> links = new([top]);
        while (links.TryDequeue(out var start))
        {
            Stack<string> open = new([start]);
            while (open.TryPop(out var folder))
            {
                if (FileIdentity.Of(folder) is not { Kind: FileKind.Folder } identity || (OperatingSystem.IsLinux() && !entered.Add(identity)))
                {
                    continue;
                }

                folders.Add(folder);
                foreach (var entry in Entries(folder).Where(entry => entry.IsFolder && entry.Name[0] != '.'))
                {
                    var path = Path.Combine(folder, entry.Name);
                    if (!entry.IsLink)
                    {
                        open.Push(path);
                    }
                    else if (OperatingSystem.IsLinux()) // elsewhere nothing tells that a link leads back
                    {
                        links.Enqueue(path);
                    }
                }
            }
        }

        return folders;
    }

    private IEnumerable<Entry> Entries(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var entries = new FileSystemEnumerable<Entry>(
            folder,
            (ref FileSystemEntry entry) => new(entry.FileName.ToString(), entry.IsDirectory, entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
            Everything);
        foreach (var entry in entries)
        {
            if (++_visits > RecipeLimits.Visits)
            {
                throw new TooManyVisitsException();
            }

            yield return entry;
        }
    }

    private static bool Matches(ReadOnlySpan<char> name, ReadOnlySpan<char> pattern) =>
        (name[0] != '.' || pattern[0] == '.') && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private readonly record struct Entry(string Name, bool IsFolder, bool IsLink);

    private sealed class TooManyVisitsException : Exception;
}
