using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Experiments.Contracts.Text;
using Experiments.Host.Tokens;

namespace Experiments.Host.Tests.Tokens;

public sealed class TokenDisplayTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    [Fact]
    public void ScriptsGetALineATokenAndNothingElse()
    {
        var (output, notes) = (new StringWriter(), new StringWriter());
        new PlainTokens(output, notes).Show(TokenizedText.Of("t", Tokenizer, [.. Tokenizer.Encode("ab\t\\ä\n"), 300]));
        output.ToString().ReplaceLineEndings("\n").ShouldBe("256\tab\n9\t\\t\n92\t\\\\\n195\t\\xC3\n164\t\\xA4\n10\t\\n\n300\t<s>\n");
        notes.ToString().ShouldStartWith("7 tokens, 10 bytes, 9 characters, 1.43 bytes per token");
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "# mine\n")]
    public void ScriptsAreToldTheTokenizerWhereThereAreSeveral(bool isOneOfSeveral, string line)
    {
        var (output, notes) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        new PlainTokens(output, notes, isOneOfSeveral).Begin("mine", Tokenizer);
        (output.ToString(), notes.ToString()).ShouldBe((line, "mine: 302 tokens\n"));
    }

    [Fact]
    public void MergesStandBelowTheBytesThatTheyAreMadeOf()
    {
        var piece = new TracedPiece("xab👍"u8.ToArray(), ['x', 'a', 'b', 0xF0, 0x9F, 0x91, 0x8D], [new(1, 5, 256)], ['x', 256, 0xF0, 0x9F, 0x91, 0x8D]);
        var output = new StringWriter();
        new PlainTokens(output, new StringWriter()).Show([piece], Tokenizer);
        output.ToString().ReplaceLineEndings("\n").ShouldBe("""
            x a b \xF0 \x9F \x91 \x8D
            x ab  \xF0 \x9F \x91 \x8D        5  ab
            x|ab|\xF0|\x9F|\x91|\x8D  120 256 240 159 145 141


            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void TheMergedTokenIsToldApartFromWhatStandsAroundIt()
    {
        var line = MergeTable.Lines(new TracedPiece("xabc"u8.ToArray(), ['x', 'a', 'b', 'c'], [new(1, 5, 256)], ['x', 256, 'c']), Tokenizer)[1];
        (line.Before, line.Made, line.After, line.Width).ShouldBe(("x ", "ab", "  c", 7));
    }

    [Fact]
    public void TheTableIsAsWideWhereTheLastBytesWereMerged()
    {
        var lines = MergeTable.Lines(new TracedPiece("xab"u8.ToArray(), ['x', 'a', 'b'], [new(1, 5, 256)], ['x', 256]), Tokenizer);
        lines.Select(line => line.Width).ShouldBe([5, 5]);
    }

    [Fact]
    public void ThePageHoldsAllTokensAndNeedsNothingElse()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("lab-page-").FullName, "page.html");
        TokenPage.Write(path, [TokenizedText.Of("one", Tokenizer, Tokenizer.Encode("</script> 👍")), TokenizedText.Of("two", Tokenizer, [257, 0x8D])], isConversation: false);
        var page = File.ReadAllText(path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

        Regex.Matches(page, "</script>", RegexOptions.NonBacktracking).Count.ShouldBe(2);
        Regex.IsMatch(page, "https?://|<link|src=", RegexOptions.NonBacktracking).ShouldBeFalse();
        var data = JsonSerializer.Deserialize<JsonElement>(Regex.Match(page, "id=\"data\">(.*?)</script>", RegexOptions.Singleline | RegexOptions.NonBacktracking).Groups[1].Value);
        data.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString()).ShouldBe(["one", "two"]);
        data.TryGetProperty("same_text", out _).ShouldBeFalse();
        var last = data.GetProperty("columns")[1].GetProperty("tokens")[1];
        last.GetProperty("spans")[0].GetProperty("completes").GetString().ShouldBe("👍");
        (last.GetProperty("start").GetInt32(), last.GetProperty("length").GetInt32()).ShouldBe((3, 1));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"Hi"}]}""")]
    [InlineData("""[{"role":"user","content":"Hi"}]""")]
    public void AConversationIsAListOfMessages(string json) => ConversationFile.Read(Encoding.UTF8.GetBytes(json), "talk.json").ShouldBe([new(Message.User, "Hi")]);

    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"role":"user"}]""")]
    [InlineData("5")]
    [InlineData("[")]
    public void AFileThatHoldsNoConversationIsNamed(string json) =>
        Should.Throw<InvalidDataException>(() => ConversationFile.Read(Encoding.UTF8.GetBytes(json), "talk.json")).Message.ShouldStartWith("talk.json: ");
}
