using System.Text;

namespace Experiments.Plugins.Sources.Pages;

/// <summary>
/// Finds encodings by the labels that pages use. Labels mean what the WHATWG Encoding standard says: <c>iso-8859-1</c>
/// is windows-1252.
/// </summary>
/// <remarks>
/// ISO-2022-KR and HZ, which the standard refuses for the safety of browsers, are decoded. ISO-8859-10, -14 and -16 are
/// unknown to .NET.
/// </remarks>
internal static class Charsets
{
    private static readonly Dictionary<string, string> Aliases = Table(
        ("utf-8", "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8"),
        ("windows-1252", "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 latin-1 us-ascii x-cp1252 x-user-defined ansi"),
        ("windows-1254", "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 x-cp1254"),
        ("windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"),
        ("windows-1250", "cp1250 x-cp1250"),
        ("windows-1251", "cp1251 x-cp1251 win-1251 win1251"),
        ("windows-1253", "cp1253 x-cp1253"),
        ("windows-1255", "cp1255 x-cp1255"),
        ("windows-1256", "cp1256 x-cp1256"),
        ("windows-1257", "cp1257 x-cp1257"),
        ("windows-1258", "cp1258 x-cp1258"),
        ("iso-8859-2", "csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"),
        ("iso-8859-5", "csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"),
        ("iso-8859-7", "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"),
        ("iso-8859-8", "csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 visual csiso88598i iso-8859-8-i logical"),
        ("iso-8859-15", "csisolatin9 iso8859-15 iso885915 iso_8859-15 l9"),
        ("koi8-r", "cskoi8r koi koi8 koi8_r"),
        ("koi8-u", "koi8-ru"),
        ("macintosh", "csmacintosh mac x-mac-roman"),
        ("x-mac-cyrillic", "x-mac-ukrainian maccyrillic"),
        ("ibm866", "866 cp866 csibm866"),
        ("gb18030", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk cp936 euc-cn"),
        ("big5", "big5-hkscs cn-big5 csbig5 x-x-big5"),
        ("euc-jp", "cseucpkdfmtjapanese x-euc-jp"),
        ("shift_jis", "csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis cp932"),
        ("ks_c_5601-1987", "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1989 ksc5601 ksc_5601 windows-949 cp949"),
        ("utf-16le", "utf-16 utf16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff"),
        ("utf-16be", "unicodefffe"));

    static Charsets() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>The encoding that a label means, or null if it is missing or unknown.</summary>
    public static Encoding? Find(string? label)
    {
        label = label?.Trim(' ', '\t', '\r', '\n', '"', '\'').ToLowerInvariant();
        if (string.IsNullOrEmpty(label) || label is "utf-7")
        {
            return null;
        }

        try
        {
            return Encoding.GetEncoding(Aliases.GetValueOrDefault(label, label));
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Dictionary<string, string> Table(params (string Name, string Labels)[] rows) =>
        rows.SelectMany(row => row.Labels.Split(' '), (row, label) => (label, row.Name)).ToDictionary(StringComparer.Ordinal);
}
