using System.Text;
using System.Text.RegularExpressions;
using Experiments.Contracts;

namespace Experiments.Plugins.Tokenizers.Tests.Splitting;

public sealed class PublishedSplitterTests
{
    [Theory]
    [InlineData(SplitPattern.Gpt2)]
    [InlineData(SplitPattern.Gpt4)]
    [InlineData(SplitPattern.Digits)]
    [InlineData(SplitPattern.O200k)]
    public void CutsAsThePublishedExpressionDoes(SplitPattern pattern)
    {
        // .NET does not treat the long s as an s, so the fragments do not contain it.
        var expression = new Regex(pattern.Expression(), RegexOptions.CultureInvariant | RegexOptions.Compiled, TimeSpan.FromSeconds(5));
        var random = new RandomStream(1, "split", (long)pattern);
        for (var i = 0; i < 5_000; i++)
        {
            var text = RandomText.Basic(ref random).Replace("ſ", "", StringComparison.Ordinal);
            Pieces(text, pattern).ShouldBe(expression.Matches(text).Select(match => match.Value), $"{i}: {text}");
        }
    }

    [Fact]
    public void CutsAroundEveryDigitBeforeTheExpressionOfGpt2()
    {
        var expression = new Regex(SplitPattern.Gpt2.Expression(), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5));
        var random = new RandomStream(1, "split");
        for (var i = 0; i < 5_000; i++)
        {
            var text = RandomText.Basic(ref random);
            var expected = Regex.Split(text, @"(\p{N})", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(5)).SelectMany(part => expression.Matches(part)).Select(match => match.Value);
            Pieces(text, SplitPattern.Gpt2Digits).ShouldBe(expected, $"{i}: {text}");
        }
    }

    [Theory]
    [InlineData("𝐀𝐁 𝟏𝟐", "𝐀𝐁| |𝟏|𝟐")]
    [InlineData("😉😉x", "😉😉|x")]
    [InlineData("1234 it'ſ IT'LL", "1|2|3|4| it|'ſ| IT|'LL")]
    public void SeesLettersAndDigitsBeyondTheBasicPlane(string text, string pieces) =>
        Pieces(text, SplitPattern.Digits).ShouldBe(pieces.Split('|'));

    [Fact]
    public void AByteThatBeginsNoCharacterIsASymbol() =>
        SplitPieces.Of(new PublishedSplitter(SplitPattern.Gpt2), [(byte)'a', 0xED, 0xA0, 0x80, (byte)'b']).ShouldBe([[(byte)'a'], [0xED, 0xA0, 0x80], [(byte)'b']]);

    [Fact]
    public void AWordOfGpt4OMayBreakBeforeCapitals()
    {
        Pieces("日ABC helloWorld HTTPServer ÉTÉ's", SplitPattern.O200k).ShouldBe(["日", "ABC", " hello", "World", " HTTPServer", " ÉTÉ's"]);
        Pieces("\u0301ABC", SplitPattern.O200k).ShouldBe(["\u0301", "ABC"]);
    }

    private static List<string> Pieces(string text, SplitPattern pattern) => [.. SplitPieces.Of(new PublishedSplitter(pattern), Encoding.UTF8.GetBytes(text)).Select(piece => Encoding.UTF8.GetString(piece))];
}
