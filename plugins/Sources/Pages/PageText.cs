using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using UtfUnknown;

namespace Experiments.Plugins.Sources.Pages;

/// <summary>
/// Decodes the bytes of a page. The charset comes from the first of these that names one: the byte order mark, the HTTP
/// header, a <c>&lt;meta&gt;</c> in the first 4 KB, detection. Detection gives UTF-8 if the bytes are valid UTF-8,
/// otherwise what uchardet's models (UTF.Unknown) say. The order is that of the HTML standard, 13.2.3.2.
/// </summary>
internal static partial class PageText
{
    private const int PrescanLength = 4096;
    private const int DetectionLength = 256 << 10;

    // NonBacktracking takes linear time on any page. Comments are matched first, so that declarations inside them
    // are ignored.
    private static readonly Regex Declaration = new(
        @"<!--[\s\S]*?-->|<meta\s[^>]*?charset\s*=\s*[""']?\s*(?<label>[^\s""'/>;]+)|^\s*<\?xml\s[^>]*?encoding\s*=\s*[""'](?<label>[^""']+)",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>
    /// Decodes a page. Bytes that are invalid in the charset become U+FFFD, and a byte order mark is removed.
    /// </summary>
    /// <param name="bytes">The page.</param>
    /// <param name="contentType">The HTTP header Content-Type, or null.</param>
    /// <returns>The text and the charset's name.</returns>
    public static (string Text, string Charset) Decode(ArraySegment<byte> bytes, string? contentType)
    {
        var (encoding, skip) = Mark(bytes);
        encoding ??= Charsets.Find(Label(contentType)) ?? Declared(bytes) ?? Detect(bytes);
        return (encoding.GetString(bytes[skip..]), encoding.WebName);
    }

    /// <summary>Guesses the charset from the bytes alone.</summary>
    public static Encoding Detect(ArraySegment<byte> bytes)
    {
        if (Mark(bytes).Encoding is { } marked)
        {
            return marked;
        }

        var utf8 = Utf8.IsValid(bytes);
        var escapes = bytes.AsSpan().IndexOf((byte)0x1B) >= 0 || bytes.AsSpan().IndexOf("~{"u8) >= 0;
        if (utf8 && !escapes)
        {
            return Encoding.UTF8;
        }

        var found = CharsetDetector.DetectFromBytes(bytes.Array!, bytes.Offset, Math.Min(bytes.Count, DetectionLength)).Detected;
        return Charsets.Find(found?.EncodingName) ?? (utf8 ? Encoding.UTF8 : Charsets.Find("windows-1252")!);
    }

    private static (Encoding? Encoding, int Length) Mark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (Charsets.Find("utf-32be"), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    private static string? Label(string? contentType)
    {
        var at = contentType?.IndexOf("charset=", StringComparison.OrdinalIgnoreCase) ?? -1;
        return at < 0 ? null : contentType![(at + 8)..].Split(';', ',')[0];
    }

    private static Encoding? Declared(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, PrescanLength)]);
        foreach (Match match in Declaration.Matches(head))
        {
            // A page whose <meta> can be read as ASCII is not UTF-16, even if the <meta> says so.
            if (Charsets.Find(match.Groups["label"].Value) is { } encoding)
            {
                return encoding.WebName.StartsWith("utf-16", StringComparison.Ordinal) ? Encoding.UTF8 : encoding;
            }
        }

        return null;
    }
}
