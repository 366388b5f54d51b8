using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// A recipe before interpolation: the recipes that it extends, then the file, then the profile, then the arguments,
/// merged in this order.
/// </summary>
internal sealed class RecipeSource(string workingDirectory, RecipeProblems problems)
{
    private static readonly string[] Settable = ["name", "seed", "vars", "plugins", "tracking", "stages", "sweep"];
    private readonly List<string> _underway = [];
    private readonly RecipeSize _size = new();
    private int _files;

    /// <summary>Reads and merges.</summary>
    /// <exception cref="RecipeException">A file could not be read, so that later checks would report false
    /// problems.</exception>
    public MappingNode Read(string path, RecipeArguments arguments)
    {
        var recipe = ReadFile(path, SourceLocation.Of(path));
        if (recipe is null)
        {
            problems.ThrowIfAny();
        }

        recipe = ApplyProfile(recipe!, arguments.Profile);
        foreach (var set in arguments.Sets)
        {
            recipe = ApplySet(recipe, set);
        }

        return recipe;
    }

    private MappingNode? ReadFile(string path, SourceLocation askedAt)
    {
        var fullPath = Path.GetFullPath(path, workingDirectory);
        var start = _underway.IndexOf(fullPath);
        if (start >= 0)
        {
            problems.Add(askedAt, $"recipes extend each other in a cycle: {string.Join(" -> ", _underway.Skip(start).Append(fullPath).Select(Shown))}.");
            return null;
        }

        if (++_files > RecipeLimits.Files)
        {
            problems.Add(askedAt, $"the recipe extends more than {RecipeLimits.Files} files.");
            problems.ThrowIfAny();
        }

        var (text, unreadable) = RecipeText.Read(fullPath, path);
        if (text is null)
        {
            problems.Add(askedAt, unreadable!);
            return null;
        }

        var root = YamlReader.ReadFile(text, path, problems, _size);
        if (root is not MappingNode recipe)
        {
            if (root is not null)
            {
                problems.Add(root.Location, $"a recipe is a mapping with the keys {string.Join(", ", RecipeReader.Keys)}, not {root.Describe()}.");
            }

            return null;
        }

        _underway.Add(fullPath);
        var merged = Extend(recipe, fullPath);
        _underway.RemoveAt(_underway.Count - 1);
        return merged;

        string Shown(string each) => Display(each, path);
    }

    private MappingNode? Extend(MappingNode recipe, string fullPath)
    {
        var extends = recipe["extends"];
        IReadOnlyList<RecipeNode> names = extends is SequenceNode list ? list.Items : extends is null or ScalarNode { IsNull: true } ? [] : [extends];
        MappingNode? lower = null;
        var isWhole = true;
        foreach (var name in names)
        {
            if (name is not ScalarNode { IsNull: false } scalar || RecipePath.Full(scalar.Text, Path.GetDirectoryName(fullPath)!) is not { } path)
            {
                problems.Add(name.Location, $"'extends' wants the path of a recipe, or a list of paths, not {name.Describe()}.");
                continue;
            }

            var extended = ReadFile(Display(path, recipe.Location.File), scalar.Location);
            isWhole &= extended is not null;
            lower = lower is null || extended is null ? extended ?? lower : RecipeMerge.Recipes(lower, extended);
        }

        return !isWhole ? null : lower is null ? recipe : RecipeMerge.Recipes(lower, recipe);
    }

    private MappingNode ApplyProfile(MappingNode recipe, string? name)
    {
        var profiles = recipe["profiles"];
        if (profiles is not (null or MappingNode or ScalarNode { IsNull: true }))
        {
            problems.Add(profiles.Location, $"'profiles' wants a mapping of names to parts of a recipe, not {profiles.Describe()}.");
        }

        var known = (profiles as MappingNode)?.Entries ?? [];
        foreach (var profile in known)
        {
            if (profile.Value is not MappingNode part)
            {
                problems.Add(profile.Value.Location, $"profile '{profile.Key}' wants a mapping with the keys {string.Join(", ", Settable)}, not {profile.Value.Describe()}.");
                continue;
            }

            foreach (var entry in part.Entries.Where(entry => !Settable.Contains(entry.Key)))
            {
                problems.Add(entry.Location, $"profile '{profile.Key}': {Suggestion.No("profile key", entry.Key, "keys", Settable)}");
            }

            recipe = profile.Key == name ? RecipeMerge.Recipes(recipe, (MappingNode)InProfile(part, name)) : recipe;
        }

        if (name is not null && known.All(profile => profile.Key != name))
        {
            problems.Add(SourceLocation.Of($"--profile {name}"), Suggestion.No("profile", name, "profiles", known.Select(profile => profile.Key)));
        }

        return recipe;
    }

    /// <summary>A copy of a part of a profile in which all locations name the profile.</summary>
    private static RecipeNode InProfile(RecipeNode node, string profile)
    {
        var marked = node with
        {
            Location = node.Location with { Profile = profile },
            Replaced = node.Replaced is { } replaced ? InProfile(replaced, profile) : null,
        };
        return marked switch
        {
            SequenceNode list => list with { Items = [.. list.Items.Select(item => InProfile(item, profile))] },
            MappingNode map => map with { Entries = [.. map.Entries.Select(entry => entry with { Location = entry.Location with { Profile = profile }, Value = InProfile(entry.Value, profile) })] },
            _ => marked,
        };
    }

    private MappingNode ApplySet(MappingNode recipe, string set)
    {
        var place = SourceLocation.Of($"--set {set}");
        var equals = set.IndexOf('=');
        if (equals <= 0)
        {
            problems.Add(place, "a setting is path=value, such as vars.tokens=2e6.");
            return recipe;
        }

        var path = set[..equals].Trim().Split('.');
        if (path.Length > RecipeLimits.Depth)
        {
            problems.Add(place, $"the path has {path.Length} names. A recipe has at most {RecipeLimits.Depth} levels.");
            return recipe;
        }

        return YamlReader.ReadArgument(set[(equals + 1)..], place, problems, _size) is { } value && IsSettable(recipe, path, place)
            ? (MappingNode)Set(recipe, path, 0, value, place)
            : recipe;
    }

    /// <summary>
    /// Whether a path begins with something that exists; reports it otherwise. Names below a stage are checked later,
    /// with the stage.
    /// </summary>
    public bool IsSettable(MappingNode recipe, string[] path, SourceLocation place)
    {
        if (!Settable.Contains(path[0]))
        {
            problems.Add(place, Suggestion.No("setting", path[0], "settings begin with", Settable));
            return false;
        }

        RecipeNode? scope = recipe[path[0]];
        var depth = path[0] switch { "vars" => path.Length, "stages" => Math.Min(2, path.Length), _ => 1 };
        for (var i = 1; i < depth; i++)
        {
            var names = (scope as MappingNode)?.Entries.Select(entry => string.Join('.', [.. path[1..i], entry.Key])) ?? [];
            scope = scope is SequenceNode ? Item(scope, path[i]) : (scope as MappingNode)?[path[i]];
            if (scope is null)
            {
                var (what, heading) = path[0] == "vars" ? ("variable", "variables") : ("stage", "stages");
                problems.Add(place, Suggestion.No(what, string.Join('.', path[1..(i + 1)]), heading, names));
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Merges a value into the recipe at a path, like any other piece. When the path leads into a list, only the item
    /// that it names changes.
    /// </summary>
    private RecipeNode Set(RecipeNode? node, string[] path, int depth, RecipeNode value, SourceLocation place)
    {
        switch (node)
        {
            case SequenceNode list when depth < path.Length:
                if (Item(list, path[depth]) is { } item)
                {
                    return list with { Items = [.. list.Items.Select(each => ReferenceEquals(each, item) ? Set(each, path, depth + 1, value, place) : each)] };
                }

                problems.Add(place, $"'{string.Join('.', path[..depth])}' is a list of {list.Items.Count}: a setting names an item by its position from 0, not by '{path[depth]}'.");
                return list;
            case MappingNode map when LeadsIntoList(map, path.AsSpan(depth)):
                return map with { Entries = [.. map.Entries.Select(entry => entry.Key == path[depth] ? entry with { Value = Set(entry.Value, path, depth + 1, value, place) } : entry)] };
            default:
                return RecipeMerge.Merge(node, path[depth..].Reverse().Aggregate(value, (inner, key) => new MappingNode(place, [new(key, place, inner)])), path[..depth]);
        }
    }

    private static bool LeadsIntoList(RecipeNode? node, ReadOnlySpan<string> path) =>
        path.Length > 0 && (node is SequenceNode || (node is MappingNode map && LeadsIntoList(map[path[0]], path[1..])));

    private static RecipeNode? Item(RecipeNode list, string index) =>
        int.TryParse(index, out var position) && ((SequenceNode)list).Items is var items && position >= 0 && position < items.Count ? items[position] : null;

    /// <summary>
    /// A path as messages show it: relative to the working directory, unless the recipe itself was given by a full
    /// path.
    /// </summary>
    private string Display(string fullPath, string besides) => Path.IsPathRooted(besides) ? fullPath : Path.GetRelativePath(workingDirectory, fullPath);
}
