using System.Globalization;
using System.Text;

namespace Experiments.Plugins.Tokenizers;

/// <summary>What the split patterns tell apart, as sets of Unicode categories.</summary>
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

    /// <summary>What is neither letter nor number nor white space.</summary>
    Other = Symbol | Mark,
}

/// <summary>Looks characters up by code point, so that letters and digits beyond the basic plane count too.</summary>
internal static class CharacterTable
{
    private static readonly CharacterClasses[] Basic = [.. Enumerable.Range(0, 0x10000).Select(code => char.IsSurrogate((char)code) ? CharacterClasses.None : Classify(code))];

    /// <summary>The class of the code point at a place; a lone surrogate is a symbol, as is U+FFFD that stands for it in UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The place, inside the text.</param>
    /// <param name="width">UTF-16 units of the code point.</param>
    public static CharacterClasses At(ReadOnlySpan<char> text, int at, out int width)
    {
        width = 1;
        var found = Basic[text[at]];
        return found != CharacterClasses.None ? found : Astral(text[at..], out width);
    }

    /// <summary>The class at a place, or none behind the end.</summary>
    public static CharacterClasses At(ReadOnlySpan<char> text, int at) => at < text.Length ? At(text, at, out _) : CharacterClasses.None;

    /// <summary>The end of the run of characters of some classes that starts at a place.</summary>
    public static int RunEnd(ReadOnlySpan<char> text, int at, CharacterClasses classes)
    {
        while (at < text.Length && (At(text, at, out var width) & classes) != CharacterClasses.None)
        {
            at += width;
        }

        return at;
    }

    private static CharacterClasses Astral(ReadOnlySpan<char> text, out int width) =>
        Rune.DecodeFromUtf16(text, out var rune, out width) == System.Buffers.OperationStatus.Done ? Classify(rune.Value) : CharacterClasses.Symbol;

    private static CharacterClasses Classify(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
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
}
