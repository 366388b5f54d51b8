namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>Decodes single characters of UTF-8.</summary>
internal static class Utf8Character
{
    /// <summary>Decodes the first character.</summary>
    /// <param name="text">At least one byte.</param>
    /// <param name="width">Length of the character. Unit: bytes, 1 to 4.</param>
    /// <returns>
    /// The code point, or -1 and a width of 1 if the first byte does not begin a valid character. Overlong forms,
    /// surrogates and values above U+10FFFF are invalid.
    /// </returns>
    public static int Decode(ReadOnlySpan<byte> text, out int width)
    {
        int first = text[0];
        width = 1;
        if (first < 0x80)
        {
            return first;
        }

        if (text.Length < 2 || !IsContinuation(text[1]))
        {
            return -1;
        }

        var codePoint = ((first & 0x1F) << 6) | (text[1] & 0x3F);
        if (first is >= 0xC2 and <= 0xDF)
        {
            width = 2;
            return codePoint;
        }

        if (first < 0xE0 || text.Length < 3 || !IsContinuation(text[2]))
        {
            return -1;
        }

        codePoint = ((first & 0xF) << 12) | ((text[1] & 0x3F) << 6) | (text[2] & 0x3F);
        if (first <= 0xEF)
        {
            var isCharacter = codePoint is >= 0x800 and not (>= 0xD800 and <= 0xDFFF);
            width = isCharacter ? 3 : 1;
            return isCharacter ? codePoint : -1;
        }

        if (first > 0xF4 || text.Length < 4 || !IsContinuation(text[3]))
        {
            return -1;
        }

        codePoint = ((first & 7) << 18) | ((text[1] & 0x3F) << 12) | ((text[2] & 0x3F) << 6) | (text[3] & 0x3F);
        width = codePoint is >= 0x10000 and <= 0x10FFFF ? 4 : 1;
        return width == 4 ? codePoint : -1;
    }

    /// <summary>Whether a byte continues a character.</summary>
    public static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;
}
