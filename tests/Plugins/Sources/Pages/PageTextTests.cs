using System.Text;
using Experiments.Plugins.Sources.Pages;

namespace Experiments.Plugins.Sources.Tests.Pages;

public sealed class PageTextTests
{
    private const string Cyrillic = "Съешь же ещё этих мягких французских булок, да выпей чаю. Широкая электрификация южных губерний даст мощный толчок подъёму сельского хозяйства.";

    [Fact]
    public void TheByteOrderMarkGoesBeforeTheHeader()
    {
        PageText.Decode(Crawl.Bytes("\uFEFFgrün"), "text/html; charset=iso-8859-1").ShouldBe(("grün", "utf-8"));
        PageText.Decode((byte[])[0xFF, 0xFE, .. Encoding.Unicode.GetBytes("grün")], null).Text.ShouldBe("grün");
        PageText.Decode((byte[])[0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("grün")], null).Text.ShouldBe("grün");
    }

    [Fact]
    public void TheHeaderGoesBeforeTheMeta() =>
        PageText.Decode(Crawl.Bytes("<meta charset=windows-1251>grün"), "text/html; Charset=\"UTF-8\"").Text.ShouldEndWith("grün");

    [Theory]
    [InlineData("<meta charset=windows-1251>")]
    [InlineData("<META CHARSET = 'CP1251' />")]
    [InlineData("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1251\">")]
    [InlineData("<!-- <meta charset=utf-8> --><meta name=x><meta charset=\"windows-1251\">")]
    [InlineData("<meta charset=nonsense><meta charset=windows-1251>")]
    [InlineData("<?xml version=\"1.0\" encoding=\"windows-1251\"?>")]
    public void TheMetaIsFound(string meta)
    {
        var bytes = Charsets.Find("windows-1251")!.GetBytes(meta + "привет");

        PageText.Decode(bytes, "text/html; charset=unknown-to-all").ShouldBe((meta + "привет", "windows-1251"));
    }

    [Fact]
    public void AMetaBehindTheFirst4KilobytesDoesNotCount() =>
        PageText.Decode(Crawl.Bytes(new string(' ', 4096) + "<meta charset=windows-1251>grün"), null).Charset.ShouldBe("utf-8");

    [Fact]
    public void AMetaThatSaysUtf16MeansUtf8() => PageText.Decode(Crawl.Bytes("<meta charset=utf-16>grün"), null).Charset.ShouldBe("utf-8");

    [Theory]
    [InlineData("windows-1251")]
    [InlineData("koi8-r")]
    [InlineData("utf-8")]
    public void WithoutADeclarationTheCharsetIsDetected(string charset) =>
        PageText.Decode(Charsets.Find(charset)!.GetBytes(Cyrillic), "text/html").ShouldBe((Cyrillic, charset));

    [Theory]
    [InlineData("iso-8859-1", "windows-1252")]
    [InlineData("ASCII", "windows-1252")]
    [InlineData(" Latin1 ", "windows-1252")]
    [InlineData("iso-8859-9", "windows-1254")]
    [InlineData("gb2312", "gb18030")]
    [InlineData("x-sjis", "shift_jis")]
    [InlineData("euc-kr", "ks_c_5601-1987")]
    [InlineData("tis-620", "windows-874")]
    [InlineData("UTF8", "utf-8")]
    public void LabelsMeanWhatTheEncodingStandardSays(string label, string name) => Charsets.Find(label)!.WebName.ShouldBe(name);

    [Fact]
    public void Iso88591HasCurlyQuotes() => PageText.Decode((byte[])[0x93, (byte)'a', 0x94, 0x80], "text/html; charset=ISO-8859-1").Text.ShouldBe("“a”€");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("utf-7")]
    [InlineData("klingon")]
    public void UnknownLabelsAreNull(string? label) => Charsets.Find(label).ShouldBeNull();

    [Fact]
    public void EveryAliasLeadsToAnEncoding()
    {
        foreach (var label in (string[])["unicode-1-1-utf-8", "x-mac-ukrainian", "koi8-ru", "866", "visual", "big5-hkscs", "unicodefffe", "sun_eu_greek", "l9", "mac", "x-euc-jp", "win-1251"])
        {
            Charsets.Find(label).ShouldNotBeNull(label);
        }
    }
}
