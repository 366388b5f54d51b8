using System.Buffers;
using System.Text;
using System.Text.Json;
using Experiments.Host.Tokens;

namespace Experiments.Host.Tests.Tokens;

public sealed class JsonLineTests
{
    private static readonly ByteTokenizer Tokenizer = new();

    [Theory]
    [InlineData("""{"text":"plain ä👍"}""", "plain ä👍")]
    [InlineData("""{"text":"\"\\\/\b\f\n\r\t\u00e4"}""", "\"\\/\b\f\n\r\tä")]
    [InlineData("""{"text":"\ud83d\udc4D"}""", "👍")]
    [InlineData("""{"text":"a\ud800"}""", "a\uFFFD")]
    [InlineData("""{"text":"\ud800\ud83d\udc4d"}""", "\uFFFD👍")]
    [InlineData("""{"text":"\udc4d\ud83dx"}""", "\uFFFD\uFFFDx")]
    [InlineData("""{"text":"\ud83d\n"}""", "\uFFFD\n")]
    [InlineData("""{"id":[1,{"text":"no"}],"text":"yes","more":{"text":5}}""", "yes")]
    [InlineData(""" {"text" : ""} """, "")]
    [InlineData("{\"text\":\"x\"}\r", "x")]
    public void ATextIsReadAndHalfASurrogatePairIsReplaced(string line, string text) => Read(Encoding.UTF8.GetBytes(line)).ShouldBe(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void BytesThatAreNoUtf8ComeThrough() => Read([.. "{\"text\":\"a"u8, 0xE2, 0x98, .. "\"}"u8]).ShouldBe([0x61, 0xE2, 0x98]);

    [Fact]
    public void EveryTextThatJsonHoldsComesBackAsGetStringReadsIt()
    {
        for (var code = 0; code < 0x110000; code += code is > 0x300 and < 0x10000 - 7 ? 7 : code >= 0x10000 ? 97 : 1)
        {
            if (Rune.IsValid(code))
            {
                var text = $"<{new Rune(code)}>";
                var line = JsonSerializer.SerializeToUtf8Bytes(new { text });
                Encoding.UTF8.GetString(Read(line)).ShouldBe(text);
            }
        }
    }

    [Theory]
    [InlineData("", "Expected {\"text\": \"...\"}")]
    [InlineData("[1]", "expected {\"text\": \"...\"}")]
    [InlineData("""{"txt":"a"}""", "no 'text'")]
    [InlineData("""{"text":5}""", "'text' is not a string")]
    [InlineData("""{"text":"a}""", "byte ")]
    [InlineData("""{"text":"a"} x""", "byte 14")]
    [InlineData("""{"text":"\u12"}""", "byte ")]
    public void AMalformedLineSaysWhatIsWrong(string line, string message) =>
        Should.Throw<InvalidDataException>(() => Read(Encoding.UTF8.GetBytes(line))).Message.ShouldContain(message);

    [Theory]
    [InlineData(new int[0], "{\"ids\":[]}\n")]
    [InlineData(new[] { 7 }, "{\"ids\":[7]}\n")]
    [InlineData(new[] { 0, 2147483647, 12 }, "{\"ids\":[0,2147483647,12]}\n")]
    public void IdsAreWrittenAndReadBack(int[] ids, string line)
    {
        var output = new ArrayBufferWriter<byte>();
        JsonLine.WriteIds(ids, output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(line);
        JsonLine.ReadIds(output.WrittenSpan).ShouldBe(ids);
    }

    [Theory]
    [InlineData("""{"ids":[1.5]}""", "'1.5' in 'ids' is not an id")]
    [InlineData("""{"ids":["1"]}""", "is not an id")]
    [InlineData("""{"ids":7}""", "'ids' is not a list")]
    [InlineData("""{"text":"a"}""", "no 'ids'")]
    public void IdsThatAreNoneAreNamed(string line, string message) =>
        Should.Throw<InvalidDataException>(() => JsonLine.ReadIds(Encoding.UTF8.GetBytes(line))).Message.ShouldContain(message);

    [Fact]
    public void DecodedSpecialTokensAreWhatTheCallerSays()
    {
        JsonLine.Decode([97, 300, 256], Tokenizer, new Dictionary<int, byte[]>()).ShouldBe("aab"u8.ToArray());
        JsonLine.Decode([97, 300, 256], Tokenizer, TokenizedText.SpecialTexts(Tokenizer)).ShouldBe("a<s>ab"u8.ToArray());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(302)]
    public void AnIdThatNoTokenHasIsNamed(int id) =>
        Should.Throw<InvalidDataException>(() => JsonLine.Decode([97, id], Tokenizer, new Dictionary<int, byte[]>())).Message.ShouldBe($"no token has the id {id}; ids range from 0 to 301");

    [Fact]
    public void ATextIsWrittenAsJsonWithWhatIsBrokenReplaced()
    {
        var output = new ArrayBufferWriter<byte>();
        JsonLine.WriteText([.. "\"ä\n<"u8, 0xE2], output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe("{\"text\":\"\\\"ä\\n<\uFFFD\"}\n");
    }

    private static byte[] Read(byte[] line)
    {
        var text = new ArrayBufferWriter<byte>();
        JsonLine.ReadText(line, text);
        return text.WrittenSpan.ToArray();
    }
}
