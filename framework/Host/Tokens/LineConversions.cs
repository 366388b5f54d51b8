using System.Buffers;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>Texts to ids and back, a line of JSON each.</summary>
public static class LineConversions
{
    /// <summary><c>{"text": "..."}</c> to <c>{"ids":[...]}</c>.</summary>
    public static LineConversion Encoding(ITokenizer tokenizer, SpecialTokenRules rules)
    {
        var buffers = new ThreadLocal<ArrayBufferWriter<byte>>(() => new());
        return (line, output) =>
        {
            var buffer = buffers.Value!;
            JsonLine.ReadText(line, buffer);
            JsonLine.WriteIds(tokenizer.Encode(buffer.WrittenSpan, rules), output);
        };
    }

    /// <summary><c>{"ids": [...]}</c> to <c>{"text":"..."}</c>.</summary>
    /// <param name="tokenizer">The ids' tokenizer.</param>
    /// <param name="special">What special tokens become; one that is not here vanishes.</param>
    public static LineConversion Decoding(ITokenizer tokenizer, IReadOnlyDictionary<int, byte[]> special) =>
        (line, output) => JsonLine.WriteText(JsonLine.Decode(JsonLine.ReadIds(line), tokenizer, special), output);
}
