namespace Experiments.Engine.Recipes;

/// <summary>A piece of a recipe that knows where it was written. Immutable.</summary>
public abstract class RecipeNode(SourceLocation location)
{
    /// <summary>Where it was written.</summary>
    public SourceLocation Location { get; } = location;

    /// <summary>What it is, for a message: <c>'four'</c>, <c>a list of 3</c>.</summary>
    internal abstract string Describe();
}

/// <summary>One value: a text whose meaning the target's type decides.</summary>
/// <param name="location">Where it was written.</param>
/// <param name="text">The text, without quotes.</param>
/// <param name="isPlain">Whether it stood without quotes, so that it may be a number, a truth value or nothing.</param>
public sealed class ScalarNode(SourceLocation location, string text, bool isPlain = true) : RecipeNode(location)
{
    /// <summary>The text, without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>Whether it stood without quotes.</summary>
    public bool IsPlain { get; } = isPlain;

    /// <summary>Whether it says nothing: empty, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    internal override string Describe() => IsNull ? "an empty value" : $"'{Text}'";
}

/// <summary>A list.</summary>
public sealed class SequenceNode(SourceLocation location, IReadOnlyList<RecipeNode> items) : RecipeNode(location)
{
    /// <summary>The items.</summary>
    public IReadOnlyList<RecipeNode> Items { get; } = items;

    internal override string Describe() => Items.Count == 0 ? "an empty list" : $"a list of {Items.Count}";
}

/// <summary>A mapping with unique keys, in order of writing.</summary>
public sealed class MappingNode(SourceLocation location, IReadOnlyList<MappingEntry> entries) : RecipeNode(location)
{
    /// <summary>The entries.</summary>
    public IReadOnlyList<MappingEntry> Entries { get; } = entries;

    /// <summary>The value of a key, or null.</summary>
    public RecipeNode? this[string key] => Find(key)?.Value;

    /// <summary>The entry of a key, or null.</summary>
    public MappingEntry? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry;
            }
        }

        return null;
    }

    internal override string Describe() => "a mapping";
}

/// <summary>A key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Location">Where the key was written.</param>
/// <param name="Value">The value.</param>
public sealed record MappingEntry(string Key, SourceLocation Location, RecipeNode Value);

/// <summary>Stands where something was wrong that has been reported already: whoever meets it says nothing more.</summary>
internal sealed class BrokenNode(SourceLocation location) : RecipeNode(location)
{
    internal override string Describe() => "something broken";
}
