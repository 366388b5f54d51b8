using System.Collections.Concurrent;
using System.Globalization;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>The named character sets of expressions: <c>\p{L}</c>, <c>\s</c>, <c>\d</c>, <c>\w</c>.</summary>
internal static class CategorySets
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new(StringComparer.Ordinal)
    {
        ["Lu"] = [UnicodeCategory.UppercaseLetter],
        ["Ll"] = [UnicodeCategory.LowercaseLetter],
        ["Lt"] = [UnicodeCategory.TitlecaseLetter],
        ["Lm"] = [UnicodeCategory.ModifierLetter],
        ["Lo"] = [UnicodeCategory.OtherLetter],
        ["Mn"] = [UnicodeCategory.NonSpacingMark],
        ["Mc"] = [UnicodeCategory.SpacingCombiningMark],
        ["Me"] = [UnicodeCategory.EnclosingMark],
        ["Nd"] = [UnicodeCategory.DecimalDigitNumber],
        ["Nl"] = [UnicodeCategory.LetterNumber],
        ["No"] = [UnicodeCategory.OtherNumber],
        ["Zs"] = [UnicodeCategory.SpaceSeparator],
        ["Zl"] = [UnicodeCategory.LineSeparator],
        ["Zp"] = [UnicodeCategory.ParagraphSeparator],
        ["Pc"] = [UnicodeCategory.ConnectorPunctuation],
        ["Pd"] = [UnicodeCategory.DashPunctuation],
        ["Ps"] = [UnicodeCategory.OpenPunctuation],
        ["Pe"] = [UnicodeCategory.ClosePunctuation],
        ["Pi"] = [UnicodeCategory.InitialQuotePunctuation],
        ["Pf"] = [UnicodeCategory.FinalQuotePunctuation],
        ["Po"] = [UnicodeCategory.OtherPunctuation],
        ["Sm"] = [UnicodeCategory.MathSymbol],
        ["Sc"] = [UnicodeCategory.CurrencySymbol],
        ["Sk"] = [UnicodeCategory.ModifierSymbol],
        ["So"] = [UnicodeCategory.OtherSymbol],
        ["Cc"] = [UnicodeCategory.Control],
        ["Cf"] = [UnicodeCategory.Format],
        ["Cs"] = [UnicodeCategory.Surrogate],
        ["Co"] = [UnicodeCategory.PrivateUse],
        ["Cn"] = [UnicodeCategory.OtherNotAssigned],
    };

    private static readonly ConcurrentDictionary<string, CodePointSet> Known = new(StringComparer.Ordinal);

    /// <summary>White space (Unicode's property White_Space).</summary>
    public static CodePointSet White { get; } = CodePointSet.Union([Named("Z")!, CodePointSet.Range(0x09, 0x0D), CodePointSet.Range(0x85, 0x85)]);

    /// <summary>Decimal digits.</summary>
    public static CodePointSet Digits => Named("Nd")!;

    /// <summary>
    /// Characters of words: letters, marks, decimal digits and connectors, as in Oniguruma, which Hugging Face uses.
    /// </summary>
    public static CodePointSet Word { get; } = CodePointSet.Union([Named("L")!, Named("M")!, Named("Nd")!, Named("Pc")!]);

    /// <summary>
    /// A general category, such as <c>Lu</c>, or a group of them, such as <c>L</c>; null if there is none of this name.
    /// </summary>
    public static CodePointSet? Named(string name)
    {
        var categories = Categories.Where(category => category.Key == name || category.Key[..1] == name).SelectMany(category => category.Value).ToHashSet();
        return categories.Count == 0 ? null : Known.GetOrAdd(name, _ => CodePointSet.Of(categories.Contains));
    }
}
