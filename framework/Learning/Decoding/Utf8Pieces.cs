using System.Text;

namespace Experiments.Learning.Decoding;

/// <summary>Decodes bytes that arrive in arbitrary pieces. Incomplete characters are held back.</summary>
internal sealed class Utf8Pieces
{
    private readonly System.Text.Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>Returns the characters that these bytes complete. Invalid UTF-8 becomes U+FFFD.</summary>
    public string Add(ReadOnlySpan<byte> bytes) => Decode(bytes, isLast: false);

    /// <summary>Returns the rest at the end: U+FFFD for an incomplete character, otherwise an empty text.</summary>
    public string End() => Decode([], isLast: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        return new string(characters, 0, _decoder.GetChars(bytes, characters, isLast));
    }
}
