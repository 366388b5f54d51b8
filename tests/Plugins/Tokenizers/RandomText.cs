using System.Text;
using Experiments.Contracts;

namespace Experiments.Plugins.Tokenizers.Tests;

/// <summary>Random texts that may reveal errors of a splitter or a tokenizer.</summary>
internal static class RandomText
{
    private static readonly string[] Fragments =
    [
        " ", "  ", "\n", "\r\n", "\t", "\u00A0", "\u3000", "\u0085", "'s", "'S", "'ll", "'RE", "'vE", "'", "/", ".", "!?", "a", "bc", "Z", "XY", "ǅ", "ß", "日", "ʰ",
        "\u0301", "\u0903", "1", "23", "²", "Ⅷ", "٣", "_", "\u200D", "한",
    ];

    /// <summary>Fragments and random characters of the basic plane.</summary>
    public static string Basic(ref RandomStream random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, 30); left > 0; left--)
        {
            var code = random.Next(0x10000);
            text.Append(random.Next(10) < 8 || char.IsSurrogate((char)code) ? random.Pick(Fragments) : ((char)code).ToString());
        }

        return text.ToString();
    }

    /// <summary>Random code points of all planes, mostly small.</summary>
    public static string Any(ref RandomStream random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(0, 20); left > 0; left--)
        {
            var code = random.Next(1 << random.Next(5, 22));
            if (Rune.IsValid(code))
            {
                text.Append(new Rune(code).ToString());
            }
        }

        return text.ToString();
    }
}
