using System.Text;

namespace Experiments.Engine.Workers.Local;

/// <summary>
/// Reads lines of UTF-8 text in bounded memory. LF, CR and CR LF end a line. A line that reaches the limit is cut there:
/// its beginning is returned at once, and the rest is left out.
/// </summary>
/// <param name="stream">The stream.</param>
/// <param name="limit">The length at which a line is cut. Unit: bytes.</param>
internal sealed class BoundedLines(Stream stream, int limit)
{
    private const int BufferSize = 1 << 16;

    /// <summary>Reads to the end of the stream.</summary>
    /// <param name="onLine">Receives each line, and whether its end was left out.</param>
    public async Task ReadAsync(Action<string, bool> onLine)
    {
        var buffer = new byte[BufferSize];
        var line = new MemoryStream();
        var (isSkipping, lastWasReturn) = (false, false);
        int count;
        while ((count = await stream.ReadAsync(buffer).ConfigureAwait(false)) > 0)
        {
            for (var rest = buffer.AsMemory(0, count); !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOfAny((byte)'\n', (byte)'\r');
                var piece = end < 0 ? rest : rest[..end];
                if (!isSkipping)
                {
                    line.Write(piece.Span[..(int)Math.Min(piece.Length, limit - line.Length)]);
                    if (line.Length == limit)
                    {
                        isSkipping = true;
                        Pass(isCut: true);
                    }
                }

                if (end < 0)
                {
                    lastWasReturn = false;
                    break;
                }

                var isReturn = rest.Span[end] == '\r';
                var isSecondOfPair = !isReturn && lastWasReturn && end == 0;
                if (!isSkipping && !isSecondOfPair)
                {
                    Pass(isCut: false);
                }

                isSkipping = false;
                lastWasReturn = isReturn;
                rest = rest[(end + 1)..];
            }
        }

        if (line.Length > 0)
        {
            Pass(isCut: false);
        }

        void Pass(bool isCut)
        {
            var text = Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length);
            line.SetLength(0);
            onLine(text, isCut);
        }
    }
}
