using System.Text;

namespace Experiments.Plugins.Sources.Warc;

/// <summary>
/// The <c>Name: value</c> lines of a WARC or HTTP header. Case does not matter in names. If a name is repeated, the
/// first value counts.
/// </summary>
internal sealed class HeaderFields
{
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    private HeaderFields()
    {
    }

    /// <summary>The trimmed value of a field, or null if there is no such field.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>
    /// The length of a header including the empty line that ends it, or -1 if there is no such line. Unit: bytes.
    /// </summary>
    public static int Length(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ;)
        {
            var end = bytes[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                return -1;
            }

            var line = bytes.Slice(at, end);
            at += end + 1;
            if (line.IsEmpty || line is [(byte)'\r'])
            {
                return at;
            }
        }
    }

    /// <summary>
    /// Reads the lines. A line that begins with a blank continues the line before it (RFC 7230, 3.2.4).
    /// </summary>
    /// <param name="bytes">The lines as UTF-8.</param>
    /// <param name="strict">
    /// Whether a line without a colon makes the header invalid; otherwise such a line is ignored.
    /// </param>
    /// <returns>The fields, or null if the header is invalid.</returns>
    public static HeaderFields? Parse(ReadOnlySpan<byte> bytes, bool strict)
    {
        var fields = new HeaderFields();
        string? last = null;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = Encoding.UTF8.GetString(bytes[range]).TrimEnd();
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length == 0)
            {
                continue;
            }

            if (line[0] is ' ' or '\t' && last is not null)
            {
                fields._values[last] += " " + line.Trim();
            }
            else if (colon > 0)
            {
                last = line[..colon].Trim();
                fields._values.TryAdd(last, line[(colon + 1)..].Trim());
            }
            else if (strict)
            {
                return null;
            }
        }

        return fields;
    }
}
