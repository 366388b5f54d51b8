using System.Text.Json.Nodes;

namespace Experiments.Engine.Yaml;

/// <summary>A piece of a recipe. It knows where it was written and what it replaced. Immutable.</summary>
/// <param name="Location">Where it was written.</param>
public abstract record RecipeNode(SourceLocation Location)
{
    /// <summary>
    /// The node that this one replaced, because a later file, profile or argument set it anew; otherwise null. That
    /// node may have a <see cref="Replaced"/> of its own.
    /// </summary>
    public RecipeNode? Replaced { get; init; }

    /// <summary>
    /// The text with <c>$(...)</c>, or the name of a group of stages, from which this value was made. Null for a value
    /// that was written literally.
    /// </summary>
    public Interpolation? Interpolated { get; init; }

    /// <summary>The node in words, for a message: <c>'four'</c>, <c>a list of 3</c>.</summary>
    internal abstract string Describe();

    /// <summary>
    /// The node as JSON. Plain scalars get their type from YAML's core schema. A broken node becomes null.
    /// </summary>
    internal abstract JsonNode? ToJson();

    /// <summary>
    /// This node after it replaced another one, which goes to the end of the chain of <see cref="Replaced"/>.
    /// </summary>
    internal RecipeNode Over(RecipeNode? lower) => lower is null ? this : this with { Replaced = Replaced?.Over(lower) ?? lower };
}

/// <summary>One value, as text. The type of the option that it is bound to decides its meaning.</summary>
/// <param name="Location">Where it was written.</param>
/// <param name="Text">The text, without quotes.</param>
/// <param name="IsPlain">Whether it was written without quotes, so that it may be a number, a truth value or
/// null.</param>
public sealed record ScalarNode(SourceLocation Location, string Text, bool IsPlain = true) : RecipeNode(Location)
{
    /// <summary>Whether it is null: empty, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");

    internal override string Describe() => IsNull ? "an empty value" : $"'{Suggestion.Shown(Text)}'";

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

/// <summary>A mapping with unique keys, in the order in which they were written.</summary>
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

/// <summary>
/// Takes the place of a node that was wrong and was reported. Later steps skip it, so that nothing is reported twice.
/// </summary>
internal sealed record BrokenNode(SourceLocation Location) : RecipeNode(Location)
{
    internal override string Describe() => "something broken";

    internal override JsonNode? ToJson() => null;
}
