using System.Text;
using System.Text.RegularExpressions;
using Experiments.Contracts;

namespace Experiments.Plugins.Tokenizers.Tests.Splitting;

public sealed class SequenceSplitterTests
{
    [Theory]
    [InlineData(@"\p{L}+|\P{L}+")]
    [InlineData(@"[^\s\p{Lu}]+|\s+(?!\S)|\s|[A-ZÀ-Þ]")]
    [InlineData(@" ?[\p{L}\p{Mn}_'-]+|\d{1,2}|[^\p{Lu}\s]+?|\s{2,}|.")]
    [InlineData(@"(?<=a)b|(?>a+)|(?:bc|\.)*x|[\]\-x]+")]
    public void CutsBasicTextAsDotNetDoes(string expression)
    {
        var plain = new Regex(expression, RegexOptions.CultureInvariant | RegexOptions.Compiled, TimeSpan.FromSeconds(5));
        var splitter = SequenceSplitter.By(expression);
        var random = new RandomStream(1, "basic");
        for (var i = 0; i < 3_000; i++)
        {
            var text = RandomText.Basic(ref random);
            Pieces(splitter, text).ShouldBe(Isolated(plain, text), $"{i}: {text}");
        }
    }

    [Theory]
    [InlineData(@"\p{L}+", "x𝐀𝐁1", "x𝐀𝐁|1")]
    [InlineData(@"[^\p{L}]", "𝐀😉1𝐁", "𝐀|😉|1|𝐁")]
    [InlineData(@".", "a😉\n", "a|😉|\n")]
    [InlineData(@"[😀-😎]{2}", "😉😀😁x", "😉😀|😁x")]
    [InlineData(@"\x{1F609}|\u0041", "A😉B", "A|😉|B")]
    [InlineData(@"(?i:'s|straße)", "IT'ſ IT'S STRAßE", "IT|'ſ| IT|'S| |STRAßE")]
    [InlineData(@"(?i)k", "kK\u212A", "k|K|\u212A")]
    [InlineData(@"\w+", "aः_1\u0301-b", "aः_1\u0301|-|b")]
    [InlineData(@"a$|a\n$|^\A.", "a\na\n", "a|\n|a\n")]
    [InlineData(@"a++a|a", "aaa", "a|a|a")]
    [InlineData(@"[a-c]?+b|d", "abdb", "ab|d|b")]
    public void SeesCharactersAndKnowsPossessiveQuantifiers(string expression, string text, string pieces) =>
        Pieces(SequenceSplitter.By(expression), text).ShouldBe(pieces.Split('|'));

    [Theory]
    [InlineData(SplitBehavior.Isolated, false, "a|-|-|b|-|c")]
    [InlineData(SplitBehavior.MergedWithPrevious, false, "a-|-|b-|c")]
    [InlineData(SplitBehavior.MergedWithNext, false, "a|-|-b|-c")]
    [InlineData(SplitBehavior.Contiguous, false, "a|--|b|-|c")]
    [InlineData(SplitBehavior.MergedWithPrevious, true, "a|-|-b|-c")]
    public void WhatIsFoundJoinsAsHuggingFaceSays(SplitBehavior behavior, bool isInverted, string pieces) =>
        Pieces(new SequenceSplitter([new("-") { Behavior = behavior, IsInverted = isInverted }]), "a--b-c").ShouldBe(pieces.Split('|'));

    [Fact]
    public void AStepCutsWithinThePiecesOfTheOneBefore() =>
        Pieces(new SequenceSplitter([new(@"\p{N}"), new(@" ?\p{L}+")]), "a 1b c").ShouldBe(["a", " ", "1", "b", " c"]);

    [Fact]
    public void EveryByteComesBack()
    {
        var splitter = SequenceSplitter.By(@"\p{L}+|\s+|.");
        var random = new RandomStream(1, "bytes");
        for (var i = 0; i < 5_000; i++)
        {
            var text = new byte[random.Next(40)];
            foreach (ref var value in text.AsSpan())
            {
                value = (byte)(random.Next(2) == 0 ? random.Next(256) : random.Next('a', 'e'));
            }

            SplitPieces.Of(splitter, text).SelectMany(piece => piece).ShouldBe(text);
        }
    }

    [Theory]
    [InlineData(SplitPattern.Gpt2)]
    [InlineData(SplitPattern.Gpt4)]
    [InlineData(SplitPattern.Digits)]
    [InlineData(SplitPattern.O200k)]
    public void ThePublishedExpressionsCutAnyTextAsTheFastWaysDo(SplitPattern pattern)
    {
        var random = new RandomStream(1, "published", (long)pattern);
        foreach (var expression in pattern.Expressions())
        {
            var (slow, fast) = (SequenceSplitter.By(expression), new PublishedSplitter(pattern));
            for (var i = 0; i < 5_000; i++)
            {
                var text = Encoding.UTF8.GetBytes(i % 2 == 0 ? RandomText.Basic(ref random) : RandomText.Any(ref random));
                SplitPieces.Of(fast, text).Select(Convert.ToHexString).ShouldBe(SplitPieces.Of(slow, text).Select(Convert.ToHexString), $"{i}: {Encoding.UTF8.GetString(text)}");
            }
        }
    }

    [Theory]
    [InlineData("a(b", "a group is not closed")]
    [InlineData("a)b", "at character 2, this ')' has no opening bracket")]
    [InlineData("*a", "at character 1, there is nothing before the quantifier")]
    [InlineData("[a", "at character 1, the class is not closed")]
    [InlineData("[b-a]", "at character 2, the range is empty")]
    [InlineData("[a[b]]", "at character 3, classes within classes are not supported")]
    [InlineData(@"\p{Han}+", @"at character 1, only general categories such as \p{L} and \p{Lu} are supported")]
    [InlineData(@"\bx", @"at character 1, the escape \b is not supported")]
    [InlineData(@"x\q", @"at character 2, the escape \q is not supported")]
    [InlineData(@"(?<n>a)", "at character 1, only the groups")]
    [InlineData(@"\x{110000}", "at character 1, this is not a code point")]
    [InlineData(@"a\", "at character 2, nothing follows the backslash")]
    public void WhatIsNotFollowedIsAnErrorWithItsPlace(string expression, string problem) =>
        Should.Throw<InvalidDataException>(() => SequenceSplitter.By(expression)).Message.ShouldContain(problem);

    private static List<string> Pieces(PieceSplitter splitter, string text) => [.. SplitPieces.Of(splitter, Encoding.UTF8.GetBytes(text)).Select(piece => Encoding.UTF8.GetString(piece))];

    private static List<string> Isolated(Regex expression, string text)
    {
        List<string> pieces = [];
        var end = 0;
        foreach (var match in expression.Matches(text).Where(match => match.Length > 0))
        {
            pieces.AddRange(((string[])[text[end..match.Index], match.Value]).Where(piece => piece.Length > 0));
            end = match.Index + match.Length;
        }

        return end < text.Length ? [.. pieces, text[end..]] : pieces;
    }
}
