namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// GPT-2's printable letters for bytes, in which tokenizer.json writes tokens. Printable Latin-1 characters represent
/// themselves. The other 68 bytes are represented by U+0100 and following, so a space is Ġ.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] Letters = BuildLetters();
    private static readonly Dictionary<char, byte> Values = Enumerable.Range(0, 256).ToDictionary(value => Letters[value], value => (byte)value);

    public static string Write(ReadOnlySpan<byte> bytes) => string.Create(bytes.Length, bytes, (letters, bytes) =>
    {
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = Letters[bytes[i]];
        }
    });

    /// <summary>The bytes that a token's name represents, or null if a character represents no byte.</summary>
    public static byte[]? Read(string name)
    {
        var bytes = new byte[name.Length];
        for (var i = 0; i < name.Length; i++)
        {
            if (!Values.TryGetValue(name[i], out bytes[i]))
            {
                return null;
            }
        }

        return bytes;
    }

    private static char[] BuildLetters()
    {
        var letters = new char[256];
        var next = '\u0100';
        for (var value = 0; value < 256; value++)
        {
            letters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : next++;
        }

        return letters;
    }
}
