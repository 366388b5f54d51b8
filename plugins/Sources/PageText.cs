using System.Text;
using System.Text.RegularExpressions;
using UtfUnknown;

namespace Experiments.Plugins.Sources;

/// <summary>
/// Decodes the bytes of a page. The first of these that names a known charset counts: byte order mark, HTTP header, the page's own
/// <c>meta</c> element, valid UTF-8, statistical detection; else windows-1252. Labels mean what browsers mean by them (WHATWG): latin1 is windows-1252.
/// </summary>
public static partial class PageText
{
    private const int DeclarationWindow = 4096;

    static PageText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Decodes a page.</summary>
    /// <param name="bytes">The body.</param>
    /// <param name="contentType">The Content-Type header, or null.</param>
    /// <returns>The text, and the charset that was used.</returns>
    public static (string Text, string Charset) Decode(ReadOnlySpan<byte> bytes, string? contentType)
    {
        var (encoding, preamble) = FromByteOrderMark(bytes);
        encoding ??= FromLabel(CharsetLabel().Match(contentType ?? ""))
            ?? FromLabel(CharsetLabel().Match(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationWindow)])));
        if (encoding is UTF8Encoding && preamble == 0 && !IsUtf8(bytes))
        {
            encoding = null; // it says so, and is not
        }

        encoding ??= IsUtf8(bytes) ? Encoding.UTF8 : Detect(bytes);
        return (encoding.GetString(bytes[preamble..]), encoding.WebName);
    }

    private static (Encoding? Encoding, int Preamble) FromByteOrderMark(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    private static Encoding? FromLabel(Match match)
    {
        if (!match.Success)
        {
            return null;
        }

        var label = match.Groups[1].Value.ToLowerInvariant();
        var name = label switch
        {
            "iso-8859-1" or "iso8859-1" or "latin1" or "latin-1" or "l1" or "ascii" or "us-ascii" or "cp1252" or "x-cp1252" => "windows-1252",
            "iso-8859-9" or "latin5" => "windows-1254",
            "tis-620" or "iso-8859-11" => "windows-874",
            "gb2312" or "gbk" or "x-gbk" or "gb_2312-80" => "gb18030",
            "sjis" or "x-sjis" or "shift-jis" or "windows-31j" or "ms_kanji" => "shift_jis",
            "euc_kr" or "ks_c_5601-1987" or "ksc5601" or "korean" => "ks_c_5601-1987",
            "utf8" or "unicode-1-1-utf-8" => "utf-8",
            "utf-16" or "utf-16le" or "utf-16be" or "unicode" => null, // a page whose label could be read as ASCII is not UTF-16
            _ => label,
        };
        try
        {
            return name is null ? null : Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsUtf8(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes);

    private static Encoding Detect(ReadOnlySpan<byte> bytes) =>
        CharsetDetector.DetectFromBytes(bytes[..Math.Min(bytes.Length, 1 << 16)].ToArray()).Detected?.Encoding is { } found && !found.Equals(Encoding.ASCII)
            ? found
            : Encoding.GetEncoding("windows-1252");

    [GeneratedRegex("""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CharsetLabel();
}
