using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Tests.BytePair;

public sealed class AddedTokenTests
{
    private const int Left = 1000;

    [Fact]
    public void ASpecialTokenIsItselfAnErrorOrText()
    {
        var tokenizer = Tokenizer(new AddedToken("<s>", Left), new AddedToken("<e>", Left + 1));
        Show(tokenizer, tokenizer.Encode("a<s>b<e>")).ShouldBe("a < s > b < e >");
        Show(tokenizer, tokenizer.Encode("a<s>b<e>", SpecialTokenRules.AsText)).ShouldBe("a < s > b < e >");
        Show(tokenizer, tokenizer.Encode("a<s>b<e>", SpecialTokenRules.AllowAll)).ShouldBe("a [0] b [1]");
        Show(tokenizer, tokenizer.Encode("a<s>b<e>", new(["<e>"], []))).ShouldBe("a < s > b [1]");
        Should.Throw<InvalidDataException>(() => tokenizer.Encode("é<s>b<e>", SpecialTokenRules.ForbidAll)).Message.ShouldContain("<s> at character 1.");
        Should.Throw<InvalidDataException>(() => tokenizer.Encode("é<s>b<e>", new(["<s>"], null))).Message.ShouldContain("<e> at character 5.");
    }

    [Fact]
    public void OfThoseThatBeginAtOnePlaceTheLongestCounts()
    {
        var tokenizer = Tokenizer(new AddedToken("<s", Left), new AddedToken("<s>>", Left + 1), new AddedToken("<s>", Left + 2));
        Show(tokenizer, tokenizer.Encode("<s>><s><sx", SpecialTokenRules.AllowAll)).ShouldBe("[1] [2] [0] x");
    }

    [Fact]
    public void OneThatIsNotSpecialIsFoundInAllText()
    {
        var tokenizer = Tokenizer(new AddedToken("<think>", Left) { IsSpecial = false });
        var ids = tokenizer.Encode("a<think>b");
        ids.ShouldBe(['a', Left, 'b']);
        tokenizer.Decode(ids).ShouldBe("a<think>b");
        tokenizer.SpecialTokens.ShouldBeEmpty();
    }

    [Fact]
    public void ItTakesWhiteSpaceAlongAsItSays()
    {
        Show(Tokenizer(new AddedToken("<s>", Left) { StripsLeft = true }), "a \u3000<s> b<s>").ShouldBe("a [0]   b [0]");
        Show(Tokenizer(new AddedToken("<s>", Left) { StripsRight = true }), "a <s> \n<s>b").ShouldBe("a   [0] [0] b");
        Show(Tokenizer(new AddedToken("<s>", Left) { StripsLeft = true, StripsRight = true }), "<s>  <s>").ShouldBe("[0] [0]");
    }

    [Fact]
    public void ASingleWordIsFoundOnlyAlone() =>
        Show(Tokenizer(new AddedToken("id", Left) { IsSingleWord = true }), "id idx xid éid id_ (id)").ShouldBe("[0]   i d x   x i d   é i d   i d _   ( [0] )");

    [Fact]
    public void ThoseOfTheSecondPassAreLookedForInWhatTheFirstLeft()
    {
        var tokenizer = Tokenizer(new AddedToken("ab", Left), new AddedToken("xa", Left + 1) { IsLookedForLast = true });
        Show(tokenizer, "xabxa").ShouldBe("x [0] [1]");
    }

    [Fact]
    public void BytesThatAreNoUtf8ComeThroughBetweenThem()
    {
        var tokenizer = Tokenizer(new AddedToken("<s>", Left));
        byte[] text = [0xFF, .. "<s>"u8, 0xE2];
        tokenizer.Encode(text, SpecialTokenRules.AllowAll).ShouldBe([0xFF, Left, 0xE2]);
        tokenizer.Encode(text, SpecialTokenRules.AsText).ShouldBe([.. text.Select(value => (int)value)]);
    }

    [Fact]
    public void TheRulesAloneGiveTheSameForAnyTokenizer()
    {
        var tokenizer = Tokenizer(new AddedToken("<s>", Left), new AddedToken("<s>!", Left + 1));
        foreach (var text in new[] { "", "<s", "a<s>!b", "<s><s>!", "ab!<s>ab" })
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            SpecialTokenRules.AllowAll.Encode(tokenizer, bytes).ShouldBe(tokenizer.Encode(bytes, SpecialTokenRules.AllowAll), text);
        }

        Should.Throw<InvalidDataException>(() => SpecialTokenRules.ForbidAll.Encode(tokenizer, "äöü<s>"u8)).Message.ShouldContain("<s> at character 3");
    }

    private static BytePairTokenizer Tokenizer(params AddedToken[] added) => new(new()
    {
        Tokens = [.. Enumerable.Range(0, Left + added.Length).Select(id => id < 256 ? [(byte)id] : id < Left || added[id - Left].IsSpecial ? [] : System.Text.Encoding.UTF8.GetBytes(added[id - Left].Text))],
        Merges = [],
        AddedTokens = added,
        Splitter = new PublishedSplitter(SplitPattern.Gpt2),
    });

    private static string Show(BytePairTokenizer tokenizer, string text) => Show(tokenizer, tokenizer.Encode(text, SpecialTokenRules.AllowAll));

    private static string Show(BytePairTokenizer tokenizer, int[] ids)
    {
        // There is one token per byte, so characters are composed again.
        var shown = string.Join(' ', ids.Select(id => id >= Left ? $"[{id - Left}]" : $"{(char)id}"));
        return shown.Replace("Ã ©", "é", StringComparison.Ordinal);
    }
}
