using System.Text.Json.Nodes;

namespace Experiments.Engine.Yaml;

/// <summary>A piece of a recipe that knows where it was written, and what it took the place of. Immutable.</summary>
/// <param name="Location">Where it was written.</param>
public abstract record RecipeNode(SourceLocation Location)
{
    /// <summary>What stood here until a later file, profile or argument replaced it, or null. It has a <see cref="Replaced"/> of its own.</summary>
    public RecipeNode? Replaced { get; init; }

    /// <summary>The text with <c>$(...)</c>, or the name of several stages, in whose place this was put; null when it was written as it stands.</summary>
    public Interpolation? Interpolated { get; init; }

    /// <summary>What it is, for a message: <c>'four'</c>, <c>a list of 3</c>.</summary>
    internal abstract string Describe();

    /// <summary>The node as JSON. Plain scalars get their type by YAML's core schema; something broken becomes null.</summary>
    internal abstract JsonNode? ToJson();

    /// <summary>This node in the place of another one, which it remembers behind those that it replaced before.</summary>
    internal RecipeNode Over(RecipeNode? lower) => lower is null ? this : this with { Replaced = Replaced?.Over(lower) ?? lower };
}

/// <summary>One value: a text whose meaning the target's type decides.</summary>
/// <param name="Location">Where it was written.</param>
/// <param name="Text">The text, without quotes.</param>
/// <param name="IsPlain">Whether it stood without quotes, so that it may be a number, a truth value or nothing.</param>
public sealed record ScalarNode(SourceLocation Location, string Text, bool IsPlain = true) : RecipeNode(Location)
{
    /// <summary>Whether it says nothing: empty, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    internal override string Describe() => IsNull ? "an empty value" : $"'{Text}'";

    internal override JsonNode? ToJson() => ScalarText.ToJson(this);
}

/// <summary>A list.</summary>
/// <param name="Location">Where it was written.</param>
/// <param name="Items">The items.</param>
public sealed record SequenceNode(SourceLocation Location, IReadOnlyList<RecipeNode> Items) : RecipeNode(Location)
{
    internal override string Describe() => Items.Count == 0 ? "an empty list" : $"a list of {Items.Count}";

    internal override JsonNode ToJson() => new JsonArray([.. Items.Select(item => item.ToJson())]);
}

/// <summary>A mapping with unique keys, in order of writing.</summary>
/// <param name="Location">Where it was written.</param>
/// <param name="Entries">The entries.</param>
public sealed record MappingNode(SourceLocation Location, IReadOnlyList<MappingEntry> Entries) : RecipeNode(Location)
{
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

    internal override JsonNode ToJson() => new JsonObject(Entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.ToJson())));
}

/// <summary>A key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Location">Where the key was written.</param>
/// <param name="Value">The value.</param>
public sealed record MappingEntry(string Key, SourceLocation Location, RecipeNode Value);

/// <summary>Stands where something was wrong that has been reported already: whoever meets it says nothing more.</summary>
internal sealed record BrokenNode(SourceLocation Location) : RecipeNode(Location)
{
    internal override string Describe() => "something broken";

    internal override JsonNode? ToJson() => null;
}
