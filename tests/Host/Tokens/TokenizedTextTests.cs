using System.Text;
using Experiments.Host.Tokens;

namespace Experiments.Host.Tests.Tokens;

public sealed class TokenizedTextTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    [Fact]
    public void ACharacterOfSeveralTokensIsBytesAndTheLastOneCompletesIt()
    {
        var text = Of("a👍b");
        text.Tokens.Select(token => token.Shown).ShouldBe(["a", "<F0 9F 91>", "<8D=👍>", "b"]);
        text.Tokens.Select(token => token.Escaped).ShouldBe(["a", @"\xF0\x9F\x91", @"\x8D", "b"]);
        text.Tokens.Select(token => (token.Start, token.Length)).ShouldBe([(0, 1), (1, 3), (4, 1), (5, 1)]);
        text.Characters.ShouldBe(3);
        text.BytesPerToken.ShouldBe(1.5);
    }

    [Fact]
    public void BrokenBytesAreShownAndCompleteNothingAndCountAsOneCharacter()
    {
        var text = TokenizedText.Of("t", Tokenizer, Tokenizer.Encode([0x61, 0xE2, 0x98, 0x62]));
        text.Tokens.Select(token => token.Shown).ShouldBe(["a", "<E2>", "<98>", "b"]);
        text.Text.ShouldBe([0x61, 0xE2, 0x98, 0x62]);
        text.Characters.ShouldBe(3);
    }

    [Fact]
    public void ASpecialTokenStandsForItsText()
    {
        var text = TokenizedText.Of("t", Tokenizer, [97, 301, 98], [false, true, false]);
        text.Text.ShouldBe("a<s>!b"u8.ToArray());
        text.Tokens[1].ShouldSatisfyAllConditions(token => token.IsSpecial.ShouldBeTrue(), token => token.IsLearned.ShouldBeTrue(), token => token.Shown.ShouldBe("<s>!"));
        text.Tokens[2].Start.ShouldBe(5);
    }

    [Fact]
    public void ABrokenCharacterIsNotCompletedBehindASpecialToken() =>
        TokenizedText.Of("t", Tokenizer, [257, 300, 0x8D]).Tokens.Select(token => token.Shown).ShouldBe(["<F0 9F 91>", "<s>", "<8D>"]);

    [Fact]
    public void NoTextHasNoTokens()
    {
        Of("").Tokens.ShouldBeEmpty();
        Of("").BytesPerToken.ShouldBe(0);
    }

    private static TokenizedText Of(string text) => TokenizedText.Of("t", Tokenizer, Tokenizer.Encode(Encoding.UTF8.GetBytes(text)));
}
