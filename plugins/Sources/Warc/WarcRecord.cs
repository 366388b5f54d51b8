using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources.Warc;

/// <summary>One record of a WARC file.</summary>
/// <param name="Fields">Header fields.</param>
/// <param name="Block">Content: a window into the reader's memory, valid until the next record is read.</param>
/// <param name="Place">Where the record begins, as text for messages.</param>
internal sealed record WarcRecord(HeaderFields Fields, ArraySegment<byte> Block, string Place)
{
    /// <summary>WARC-Type in lower case: response, request, warcinfo ...</summary>
    public string Type { get; } = Fields["WARC-Type"]!.ToLowerInvariant();

    /// <summary>WARC-Record-ID as written, in angle brackets; empty if it is missing.</summary>
    public string Id => Fields["WARC-Record-ID"] ?? "";

    /// <summary>WARC-Target-URI without the angle brackets that some writers put around it.</summary>
    public string? TargetUri => Fields["WARC-Target-URI"]?.TrimStart('<').TrimEnd('>');

    /// <summary>Makes a document of this record. The facts become metadata; those that are null are left out.</summary>
    public Document ToDocument(string text, string path, params ReadOnlySpan<(string Key, string? Value)> facts)
    {
        var metadata = new Dictionary<string, JsonElement>();
        foreach (var (key, value) in (ReadOnlySpan<(string, string?)>)[("date", Fields["WARC-Date"]), .. facts, ("file", Path.GetFileName(path))])
        {
            if (value is not null)
            {
                metadata[key] = JsonSerializer.SerializeToElement(value);
            }
        }

        return new(Id, text) { Url = TargetUri, Metadata = metadata };
    }
}
