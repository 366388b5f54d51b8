using System.Text.Json;

namespace Experiments.Contracts.Text;

/// <summary>A text with its source. Before extraction the text is the HTML of a page.</summary>
/// <param name="Id">Unique in its source: the WARC record id, or file and line.</param>
/// <param name="Text">The text.</param>
public sealed record Document(string Id, string Text)
{
    private static readonly IReadOnlyDictionary<string, JsonElement> None = new Dictionary<string, JsonElement>();

    /// <summary>Where it was found.</summary>
    public string? Url { get; init; }

    /// <summary>What else is known of it: date, language, language_score, title, media_type ...; kept as it was read.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = None;

    /// <summary>The same document with one more fact.</summary>
    public Document With(string key, string value) => With(key, JsonSerializer.SerializeToElement(value));

    /// <inheritdoc cref="With(string, string)"/>
    public Document With(string key, double value) => With(key, JsonSerializer.SerializeToElement(value));

    /// <summary>A fact as text, or null when it is absent or no string.</summary>
    public string? Fact(string key) =>
        Metadata.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private Document With(string key, JsonElement value) => this with { Metadata = new Dictionary<string, JsonElement>(Metadata) { [key] = value } };
}
