using Experiments.Contracts.Text;
using Experiments.Host.Tokens;

namespace Experiments.Host.Tests.Tokens;

public sealed class SpecialTextTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    [Fact]
    public void AllowedTokensAreThemselvesTheLongestFirst() =>
        new SpecialText(Tokenizer, SpecialTokenRules.AllowAll).Encode("ab<s><s>!<<s"u8).ShouldBe([256, 300, 301, '<', '<', 's']);

    [Fact]
    public void WithoutARuleTheyAreText() =>
        new SpecialText(Tokenizer, SpecialTokenRules.AsText).Encode("<s>"u8).ShouldBe(['<', 's', '>']);

    [Fact]
    public void AForbiddenOneIsNamedWithItsPlaceInCharacters() =>
        Should.Throw<InvalidDataException>(() => new SpecialText(Tokenizer, SpecialTokenRules.ForbidAll).Encode("äöü<s>"u8)).Message.ShouldContain("<s> at character 3");

    [Fact]
    public void BytesThatAreNoUtf8ComeThrough() =>
        new SpecialText(Tokenizer, SpecialTokenRules.AllowAll).Encode([0xFF, .. "<s>"u8, 0xE2]).ShouldBe([0xFF, 300, 0xE2]);

    [Fact]
    public void TheRulesAreThoseOfTheContractsOnText()
    {
        foreach (var text in new[] { "", "<s", "a<s>!b", "<s><s>!", "ab!<s>ab" })
        {
            new SpecialText(Tokenizer, SpecialTokenRules.AllowAll).Encode(System.Text.Encoding.UTF8.GetBytes(text)).ShouldBe(SpecialTokenRules.AllowAll.Encode(Tokenizer, text));
        }
    }
}
