using System.Text.Json;

namespace Experiments.Contracts.Text;

/// <summary>A text with its source. Before extraction, the text of a web page is its HTML.</summary>
/// <param name="Id">Unique within its source: the WARC record id, or file and line.</param>
/// <param name="Text">The text.</param>
public sealed record Document(string Id, string Text)
{
    private static readonly IReadOnlyDictionary<string, JsonElement> None = new Dictionary<string, JsonElement>();

    /// <summary>The address where it was found; null if unknown.</summary>
    public string? Url { get; init; }

    /// <summary>
    /// Other facts: date, language, language_score, title, media_type ... They are kept as they were read.
    /// </summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = None;

    /// <summary>A copy of the document with one more fact.</summary>
    public Document With(string key, string value) => With(key, JsonSerializer.SerializeToElement(value));

    /// <inheritdoc cref="With(string, string)"/>
    public Document With(string key, double value) => With(key, JsonSerializer.SerializeToElement(value));

    /// <summary>A fact as text, or null if it is absent or not a string.</summary>
    public string? Fact(string key) =>
        Metadata.TryGetValue(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private Document With(string key, JsonElement value) =>
        this with { Metadata = new Dictionary<string, JsonElement>(Metadata) { [key] = value } };
}
