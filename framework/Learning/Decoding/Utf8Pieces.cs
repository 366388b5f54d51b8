using System.Text;

namespace Experiments.Learning;

/// <summary>Turns bytes that arrive in arbitrary pieces into text, holding back characters that are not complete yet.</summary>
internal sealed class Utf8Pieces
{
    private readonly System.Text.Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The characters that these bytes complete; broken UTF-8 becomes U+FFFD.</summary>
    public string Add(ReadOnlySpan<byte> bytes) => Decode(bytes, isLast: false);

    /// <summary>What is left at the end: U+FFFD for a character that never became complete, otherwise nothing.</summary>
    public string End() => Decode([], isLast: true);

    private string Decode(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        return new string(characters, 0, _decoder.GetChars(bytes, characters, isLast));
    }
}
