using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Experiments.Plugins.Deduplication;

/// <summary>The form of a text in which duplicates are compared, as in datatrove's simplify_text.</summary>
/// <remarks>
/// Lower case; a number with an optional fraction becomes <c>0</c>; punctuation becomes a space; runs of white space
/// become one; letters lose their accents. The decompositions of Latin, Greek, Cyrillic and the other scripts up to
/// U+1FFF are listed here, because the runtime's Unicode normalisation is off under invariant globalization. Hangul
/// stays composed; equal texts remain equal.
/// </remarks>
public static class SimplifiedText
{
    // Each group is a letter, followed by all letters that decompose into it and marks (UnicodeData.txt).
    private const string Accented =
        ";; `` aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ bḃḅḇ cçćĉċčḉ dďḋḍḏḑḓ eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ fḟ gĝğġģǧǵḡ hĥȟḣḥḧḩḫẖ iìíîïĩīĭįǐȉȋḭḯỉị "
        + "jĵǰ kķǩḱḳḵ lĺļľḷḹḻḽ mḿṁṃ nñńņňǹṅṇṉṋ oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ pṕṗ rŕŗřȑȓṙṛṝṟ sśŝşšșṡṣṥṧṩ tţťțṫṭṯṱẗ "
        + "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự vṽṿ wŵẁẃẅẇẉẘ xẋẍ yýÿŷȳẏẙỳỵỷỹ zźżžẑẓẕ ¨΅῁῭΅ ´´ ·· æǣǽ øǿ ſẛ ʒǯ ʹʹ αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ "
        + "εέἐἑἒἓἔἕὲέ ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ οόὀὁὂὃὄὅὸό ρῤῥ υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ ϒϓϔ "
        + "аӑӓ гѓ еѐёӗ жӂӝ зӟ ийѝӣӥ кќ оӧ уўӯӱӳ чӵ ыӹ эӭ ії ѵѷ әӛ өӫ اآأإ وؤ يئ ہۂ ےۓ ەۀ कक़ खख़ गग़ जज़ डड़ ढढ़ नऩ फफ़ यय़ रऱ ळऴ ডড় ঢঢ় যয় ਖਖ਼ ਗਗ਼ "
        + "ਜਜ਼ ਫਫ਼ ਲਲ਼ ਸਸ਼ ଡଡ଼ ଢଢ଼ େୈ ೂೊ ೕೀೇ ೖೈ ෙේ ཀཀྵ གགྷ ཌཌྷ དདྷ བབྷ ཛཛྷ ဥဦ ᬵᬻᬽᭃ ᾿῍῎῏ ῾῝῞῟ ";

    private static readonly FrozenDictionary<char, char> Plain = Accented.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(group => group.Skip(1).Select(letter => KeyValuePair.Create(letter, group[0]))).ToFrozenDictionary();

    /// <summary>The simplified text.</summary>
    public static string Of(string text)
    {
        var simplified = new StringBuilder(text.Length);
        var lower = text.ToLowerInvariant();
        for (var i = 0; i < lower.Length; i++)
        {
            var character = lower[i];
            if (char.IsDigit(character))
            {
                i = EndOfNumber(lower, i) - 1;
                simplified.Append('0');
            }
            else if (char.IsWhiteSpace(character) || IsPunctuation(character))
            {
                if (simplified.Length > 0 && simplified[^1] != ' ')
                {
                    simplified.Append(' ');
                }
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
            {
                simplified.Append(Plain.GetValueOrDefault(character, character));
            }
        }

        return simplified.ToString().TrimEnd();
    }

    private static bool IsPunctuation(char character) => char.IsPunctuation(character) || char.IsSymbol(character) || char.IsControl(character);

    private static int EndOfNumber(string text, int start)
    {
        var end = EndOfDigits(text, start);
        var fraction = end + 1 < text.Length && text[end] is '.' or ',' or '…' ? EndOfDigits(text, end + 1) : end;
        return fraction > end + 1 ? fraction : end;
    }

    private static int EndOfDigits(string text, int start)
    {
        while (start < text.Length && char.IsDigit(text[start]))
        {
            start++;
        }

        return start;
    }
}
