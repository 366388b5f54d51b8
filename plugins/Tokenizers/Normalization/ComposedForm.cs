using System.Buffers;
using System.Text;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.Normalization;

/// <summary>
/// Unicode's normalization form C, to which Qwen's tokenizers first convert text: a character and its marks are
/// composed to one character where there is one.
/// </summary>
internal static class ComposedForm
{
    /// <summary>The first byte of U+0300. Characters below it never change.</summary>
    private const byte FirstMark = 0xCC;

    /// <summary>
    /// Whether a quick check shows that a text is in this form, so that <see cref="Of"/> would return it unchanged.
    /// </summary>
    public static bool IsSure(ReadOnlySpan<byte> utf8)
    {
        var at = utf8.IndexOfAnyInRange(FirstMark, byte.MaxValue);
        for (int width; at >= 0 && at < utf8.Length; at += width)
        {
            if (CanonicalData.IsUnsettled(Utf8Character.Decode(utf8[at..], out width)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The text in this form. Bytes that are not part of a character are kept, and nothing is composed across them.
    /// </summary>
    public static byte[] Of(ReadOnlySpan<byte> utf8)
    {
        var output = new ArrayBufferWriter<byte>(utf8.Length + 1);
        List<int> parts = [];
        for (int at = 0, width; at < utf8.Length; at += width)
        {
            var code = Utf8Character.Decode(utf8[at..], out width);
            if (code < 0)
            {
                Compose(parts, output);
                output.Write(utf8.Slice(at, 1));
                continue;
            }

            // A character that starts a sequence and is never composed with a character before it ends the collected
            // sequence.
            if (!CanonicalData.IsUnsettled(code))
            {
                Compose(parts, output);
            }

            CanonicalData.Decompose(code, parts);
        }

        Compose(parts, output);
        return output.WrittenSpan.ToArray();
    }

    private static void Compose(List<int> parts, ArrayBufferWriter<byte> output)
    {
        Reorder(parts);
        var (starter, written, lastClass) = (-1, 0, -1);
        for (var read = 0; read < parts.Count; read++)
        {
            var code = parts[read];
            var combiningClass = CanonicalData.ClassOf(code);
            var isBlocked = lastClass >= 0 && lastClass >= combiningClass;
            if (starter >= 0 && !isBlocked && CanonicalData.Compose(parts[starter], code) is >= 0 and var composed)
            {
                parts[starter] = composed;
                continue;
            }

            (starter, lastClass) = combiningClass == 0 ? (written, -1) : (starter, combiningClass);
            parts[written++] = code;
        }

        Span<byte> bytes = stackalloc byte[4];
        for (var i = 0; i < written; i++)
        {
            output.Write(bytes[..new Rune(parts[i]).EncodeToUtf8(bytes)]);
        }

        parts.Clear();
    }

    /// <summary>Sorts runs of marks by their combining class. Marks of the same class keep their order.</summary>
    private static void Reorder(List<int> parts)
    {
        for (int start = 0, end; start < parts.Count; start = end + 1)
        {
            end = start;
            while (end < parts.Count && CanonicalData.ClassOf(parts[end]) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                foreach (var (index, code) in parts[start..end].OrderBy(CanonicalData.ClassOf).Index())
                {
                    parts[start + index] = code;
                }
            }
        }
    }
}
