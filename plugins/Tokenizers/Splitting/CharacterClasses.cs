using System.Globalization;
using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>The classes of characters that the split patterns distinguish, as sets of Unicode categories.</summary>
[Flags]
internal enum CharacterClasses : byte
{
    None = 0,
    Symbol = 1,
    Upper = 2,
    Lower = 4,
    Caseless = 8,
    Mark = 16,
    Number = 32,
    Space = 64,
    NewLine = 128,

    Letter = Upper | Lower | Caseless,
    White = Space | NewLine,

    /// <summary>Characters that are neither letters nor numbers nor white space.</summary>
    Other = Symbol | Mark,
}

/// <summary>Looks up the class of a character in UTF-8.</summary>
internal static class CharacterTable
{
    /// <summary>Code points from this on are not in the table: they are only marks and unassigned.</summary>
    private const int Tabled = 0x40000;

    private static readonly CharacterClasses[] Classes = [.. Enumerable.Range(0, Tabled).Select(Classify)];

    /// <summary>
    /// The class of the character at a position within the text. A byte that does not begin a character is a symbol.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Position within the text.</param>
    /// <param name="width">Length of the character. Unit: bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharacterClasses At(ReadOnlySpan<byte> text, int at, out int width)
    {
        var first = text[at];
        width = 1;
        return first < 0x80 ? Classes[first] : BeyondAscii(text[at..], out width);
    }

    /// <summary>The class of the character at a position, or none after the end.</summary>
    public static CharacterClasses At(ReadOnlySpan<byte> text, int at) => at < text.Length ? At(text, at, out _) : CharacterClasses.None;

    /// <summary>The end of the run of characters of the given classes that starts at a position.</summary>
    public static int RunEnd(ReadOnlySpan<byte> text, int at, CharacterClasses classes)
    {
        while (at < text.Length && (At(text, at, out var width) & classes) != CharacterClasses.None)
        {
            at += width;
        }

        return at;
    }

    /// <summary>The class of a code point.</summary>
    public static CharacterClasses Classify(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        _ when codePoint is '\r' or '\n' => CharacterClasses.NewLine,
        _ when codePoint is (>= 0x09 and <= 0x0D) or 0x85 => CharacterClasses.Space,
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => CharacterClasses.Space,
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClasses.Upper,
        UnicodeCategory.LowercaseLetter => CharacterClasses.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClasses.Caseless,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClasses.Mark,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClasses.Number,
        _ => CharacterClasses.Symbol,
    };

    private static CharacterClasses BeyondAscii(ReadOnlySpan<byte> text, out int width)
    {
        var codePoint = Utf8Character.Decode(text, out width);
        return codePoint < 0 ? CharacterClasses.Symbol : codePoint < Tabled ? Classes[codePoint] : Classify(codePoint);
    }
}
