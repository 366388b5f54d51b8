using System.Buffers;
using System.Globalization;
using System.Text;

namespace Experiments.Contracts.Text;

/// <summary>Makes all characters of a text visible.</summary>
public static class VisibleText
{
    private const char CombinesWith = '\u25CC';

    private static readonly SearchValues<char> Obeyed = SearchValues.Create(
    [
        .. Enumerable.Range(0, ' ').Select(code => (char)code).Except(['\n', '\t']),
        .. Enumerable.Range(0x7F, 0x21).Select(code => (char)code),
        .. "\u200E\u200F\u061C\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069",
    ]);

    /// <summary>
    /// For people: a space is ·, a tab →, a line feed ⏎, a carriage return ␍. An invisible character is named, such as
    /// <c>&lt;U+200D&gt;</c>.
    /// </summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                ' ' => shown.Append('·'),
                '\t' => shown.Append('→'),
                '\n' => shown.Append('⏎'),
                < ' ' => shown.Append((char)('\u2400' + rune.Value)),
                _ when !HasShape(rune) => shown.Append($"<U+{rune.Value:X4}>"),
                _ when shown.Length == 0 && Combines(rune) => shown.Append(CombinesWith).Append(rune.ToString()),
                _ => shown.Append(rune.ToString()),
            };
        }

        return shown.ToString();
    }

    /// <summary>Bytes for people. Bytes that are not part of a character are written as <c>\xE2\x98</c>.</summary>
    public static string Show(ReadOnlySpan<byte> utf8)
    {
        var shown = new StringBuilder(utf8.Length);
        while (!utf8.IsEmpty)
        {
            var isCharacter = Rune.DecodeFromUtf8(utf8, out var rune, out var length) == OperationStatus.Done;
            shown.Append(isCharacter ? Show(rune.ToString()) : Escape(utf8[..length]));
            utf8 = utf8[length..];
        }

        return shown.ToString();
    }

    /// <summary>
    /// For terminals and logs: control characters, which a terminal would obey, and marks that turn the direction of writing are shown
    /// (␛, <c>&lt;U+202E&gt;</c>). Everything else is left as it is, line feeds and tabs included.
    /// </summary>
    public static string Disarm(string text)
    {
        if (!text.AsSpan().ContainsAny(Obeyed))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                _ when !Obeyed.Contains(letter) => shown.Append(letter),
                < ' ' => shown.Append((char)('\u2400' + letter)),
                '\u007F' => shown.Append('\u2421'),
                _ => shown.Append($"<U+{(int)letter:X4}>"),
            };
        }

        return shown.ToString();
    }

    /// <summary>
    /// For scripts: one line, with escapes as in C#: <c>\n</c>, <c>\\</c>, <c>\u200D</c>. Spaces are kept.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '\\' => escaped.Append(@"\\"),
                '\t' => escaped.Append(@"\t"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                ' ' => escaped.Append(' '),
                _ when HasShape(rune) => escaped.Append(rune.ToString()),
                <= char.MaxValue => escaped.Append($"\\u{rune.Value:X4}"),
                _ => escaped.Append($"\\U{rune.Value:X8}"),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Bytes as escapes: <c>\xE2\x98</c>.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var escaped = new StringBuilder(bytes.Length * 4);
        foreach (var value in bytes)
        {
            escaped.Append($"\\x{value:X2}");
        }

        return escaped.ToString();
    }

    /// <summary>Bytes in hexadecimal, separated by spaces.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes)
    {
        var hex = new StringBuilder(bytes.Length * 3);
        foreach (var value in bytes)
        {
            hex.Append(hex.Length == 0 ? "" : " ").Append($"{value:X2}");
        }

        return hex.ToString();
    }

    private static bool HasShape(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static bool Combines(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
