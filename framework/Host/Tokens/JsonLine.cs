using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>
/// The lines of JSON for texts, <c>{"text": "..."}</c>, and for ids, <c>{"ids": [...]}</c>. Other properties are
/// ignored.
/// </summary>
public static class JsonLine
{
    private const int MostEscapedDigits = 4;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Reads a text as UTF-8. An unpaired surrogate, which <c>GetString</c> rejects, becomes U+FFFD. Bytes that are not
    /// UTF-8 are kept.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="text">Receives the text.</param>
    /// <exception cref="InvalidDataException">The line has a different shape. The message says where.</exception>
    public static void ReadText(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> text)
    {
        var isThere = false;
        Read(line, "text", """{"text": "..."}""", (ref reader) =>
        {
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new InvalidDataException("'text' is not a string");
            }

            text.ResetWrittenCount();
            Unescape(reader.ValueSpan, text);
            isThere = true;
        });
        if (!isThere)
        {
            throw new InvalidDataException("""no 'text'; expected {"text": "..."}""");
        }
    }

    /// <summary>Reads ids.</summary>
    /// <exception cref="InvalidDataException">The line has a different shape. The message says where.</exception>
    public static List<int> ReadIds(ReadOnlySpan<byte> line)
    {
        List<int>? ids = null;
        Read(line, "ids", """{"ids": [...]}""", (ref reader) =>
        {
            ids = [];
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw new InvalidDataException("'ids' is not a list");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ids.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var id)
                    ? id
                    : throw new InvalidDataException($"'{Encoding.UTF8.GetString(reader.ValueSpan)}' in 'ids' is not an id"));
            }
        });
        return ids ?? throw new InvalidDataException("""no 'ids'; expected {"ids": [...]}""");
    }

    /// <summary>Writes <c>{"ids":[...]}</c> and a line end.</summary>
    public static void WriteIds(ReadOnlySpan<int> ids, IBufferWriter<byte> output)
    {
        const int longestId = 12;
        var room = output.GetSpan((ids.Length * longestId) + 16);
        "{\"ids\":["u8.CopyTo(room);
        var at = 8;
        foreach (var id in ids)
        {
            Utf8Formatter.TryFormat(id, room[at..], out var digits);
            at += digits;
            room[at++] = (byte)',';
        }

        at -= ids.Length > 0 ? 1 : 0;
        "]}\n"u8.CopyTo(room[at..]);
        output.Advance(at + 3);
    }

    /// <summary>
    /// Writes <c>{"text":"..."}</c> and a line end. Bytes that are not UTF-8 become U+FFFD, because JSON is Unicode.
    /// </summary>
    public static void WriteText(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        using (var writer = new Utf8JsonWriter(output, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("text"u8, Encoding.UTF8.GetString(text));
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>The bytes of tokens.</summary>
    /// <param name="ids">The tokens.</param>
    /// <param name="tokenizer">Their tokenizer.</param>
    /// <param name="special">The decoded form of special tokens by id. A special token that is not in it is left
    /// out.</param>
    /// <exception cref="InvalidDataException">The tokenizer has no such id.</exception>
    public static byte[] Decode(IEnumerable<int> ids, ITokenizer tokenizer, IReadOnlyDictionary<int, byte[]> special)
    {
        var text = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
        {
            if (id < 0 || id >= tokenizer.VocabularySize)
            {
                throw new InvalidDataException($"no token has the id {id}; ids range from 0 to {tokenizer.VocabularySize - 1}");
            }

            text.Write(special.TryGetValue(id, out var written) ? written : tokenizer.Bytes(id));
        }

        return text.WrittenSpan.ToArray();
    }

    private static void Read(ReadOnlySpan<byte> line, string name, string shape, ValueReader value)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new InvalidDataException($"expected {shape}");
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isWanted = reader.ValueTextEquals(name);
                reader.Read();
                if (isWanted)
                {
                    value(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            reader.Read();
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"byte {(problem.BytePositionInLine ?? 0) + 1}: {problem.Message.Split(" LineNumber:")[0]} Expected {shape}", problem);
        }
    }

    private static void Unescape(ReadOnlySpan<byte> value, ArrayBufferWriter<byte> text)
    {
        while (value.IndexOf((byte)'\\') is var plain and >= 0)
        {
            text.Write(value[..plain]);
            var letter = value[plain + 1];
            value = value[(plain + 2)..];
            if (letter == 'u')
            {
                Append(Unit(ref value), ref value, text);
            }
            else
            {
                text.Write([letter switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'t' => (byte)'\t',
                    (byte)'r' => (byte)'\r',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    _ => letter,
                }]);
            }
        }

        text.Write(value);
    }

    private static void Append(char unit, ref ReadOnlySpan<byte> rest, ArrayBufferWriter<byte> text)
    {
        var ahead = rest;
        if (!Rune.TryCreate(unit, out var rune))
        {
            rune = Rune.ReplacementChar;
            if (char.IsHighSurrogate(unit) && ahead.StartsWith("\\u"u8))
            {
                ahead = ahead[2..];
                if (Rune.TryCreate(unit, Unit(ref ahead), out var pair))
                {
                    rune = pair;
                    rest = ahead;
                }
            }
        }

        text.Advance(rune.EncodeToUtf8(text.GetSpan(4)));
    }

    private static char Unit(ref ReadOnlySpan<byte> digits)
    {
        Utf8Parser.TryParse(digits[..MostEscapedDigits], out short unit, out _, 'x');
        digits = digits[MostEscapedDigits..];
        return (char)unit;
    }

    private delegate void ValueReader(ref Utf8JsonReader reader);
}
