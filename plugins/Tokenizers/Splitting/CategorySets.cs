using System.Collections.Concurrent;
using System.Globalization;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>The named sets of expressions: <c>\p{L}</c>, <c>\s</c>, <c>\d</c>, <c>\w</c>.</summary>
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

    /// <summary>What words are made of: letters, marks, decimal digits, connectors (as Oniguruma, which Hugging Face cuts with).</summary>
    public static CodePointSet Word { get; } = CodePointSet.Union([Named("L")!, Named("M")!, Named("Nd")!, Named("Pc")!]);

    /// <summary>A general category, <c>Lu</c>, or a group of them, <c>L</c>; null when there is none of that name.</summary>
    public static CodePointSet? Named(string name)
    {
        var categories = Categories.Where(category => category.Key == name || category.Key[..1] == name).SelectMany(category => category.Value).ToHashSet();
        return categories.Count == 0 ? null : Known.GetOrAdd(name, _ => CodePointSet.Of(categories.Contains));
    }
}
