using System.Buffers;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>Converts texts to ids and back, one line of JSON each.</summary>
public static class LineConversions
{
    /// <summary>From <c>{"text": "..."}</c> to <c>{"ids":[...]}</c>.</summary>
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

    /// <summary>From <c>{"ids": [...]}</c> to <c>{"text":"..."}</c>.</summary>
    /// <param name="tokenizer">The ids' tokenizer.</param>
    /// <param name="special">The decoded form of special tokens by id. A special token that is not in it is left
    /// out.</param>
    public static LineConversion Decoding(ITokenizer tokenizer, IReadOnlyDictionary<int, byte[]> special) =>
        (line, output) => JsonLine.WriteText(JsonLine.Decode(JsonLine.ReadIds(line), tokenizer, special), output);
}
