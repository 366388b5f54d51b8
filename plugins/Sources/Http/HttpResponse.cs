using Experiments.Plugins.Sources.Warc;

namespace Experiments.Plugins.Sources.Http;

/// <summary>An HTTP response as it was sent over the network (RFC 9112).</summary>
/// <param name="Status">Status code.</param>
/// <param name="Fields">Header fields.</param>
/// <param name="Body">The body, still encoded.</param>
internal sealed record HttpResponse(int Status, HeaderFields Fields, ArraySegment<byte> Body)
{
    /// <summary>
    /// Reads the block of a <c>response</c> record; null if it is not an HTTP response. The reason phrase may be
    /// missing.
    /// </summary>
    public static HttpResponse? Parse(ArraySegment<byte> block)
    {
        var length = HeaderFields.Length(block);
        if (length < 0 || !block.AsSpan().StartsWith("HTTP/"u8))
        {
            return null;
        }

        var firstLine = block.AsSpan().IndexOf((byte)'\n');
        var statusLine = block.AsSpan(0, firstLine);
        var blank = statusLine.IndexOf((byte)' ');
        var digits = blank < 0 ? [] : statusLine[blank..].Trim(" \r"u8);
        if (digits.Length < 3 || !int.TryParse(digits[..3], out var status) || status is < 100 or > 599)
        {
            return null;
        }

        var fields = HeaderFields.Parse(block.AsSpan(firstLine + 1, length - firstLine - 1), strict: false)!;
        return new(status, fields, block[length..]);
    }
}
