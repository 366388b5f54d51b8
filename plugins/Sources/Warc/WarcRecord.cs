namespace Experiments.Plugins.Sources.Warc;

/// <summary>One WARC record (ISO 28500).</summary>
/// <param name="Fields">The header's fields; names in any case.</param>
/// <param name="Block">The block.</param>
/// <param name="Place">Where it begins, for messages: <c>byte 120</c>, or <c>gzip member at byte 120</c>.</param>
public sealed record WarcRecord(IReadOnlyDictionary<string, string> Fields, ReadOnlyMemory<byte> Block, string Place)
{
    /// <summary>response, request, warcinfo, conversion ...</summary>
    public string Type => Field("WARC-Type") ?? "";

    /// <summary>The address, without the angle brackets that some crawlers put around it.</summary>
    public string? TargetUri => Field("WARC-Target-URI")?.Trim('<', '>');

    /// <summary>The record's id, without angle brackets.</summary>
    public string? Id => Field("WARC-Record-ID")?.Trim('<', '>');

    /// <summary>A field, or null.</summary>
    public string? Field(string name) => Fields.GetValueOrDefault(name);
}
