using System.Text;

namespace Experiments.Contracts.Text;

/// <summary>
/// Reads the lines of a text in bounded memory, whatever the text holds. LF, CR and CR LF end a line, as for
/// <see cref="TextReader.ReadLine"/>.
/// </summary>
/// <param name="reader">The text. It is not disposed.</param>
/// <param name="longestLine">The longest line to return. Unit: characters.</param>
public sealed class LineReader(TextReader reader, int longestLine)
{
    private readonly char[] _buffer = new char[1 << 15];
    private int _start;
    private int _end;
    private bool _afterReturn;

    /// <summary>The number of the line that was read last, counted from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Whether the line that was read last is longer than allowed. It was returned as an empty line.</summary>
    public bool WasTooLong { get; private set; }

    /// <summary>The next line without its line break, or null at the end.</summary>
    public string? Next()
    {
        WasTooLong = false;
        StringBuilder? beginning = null;
        while (Fill())
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest.IndexOfAny('\n', '\r');
            var piece = length < 0 ? rest : rest[..length];
            _start += piece.Length;
            if (WasTooLong || (beginning?.Length ?? 0) + piece.Length > longestLine)
            {
                (WasTooLong, beginning) = (true, null);
            }

            if (length >= 0)
            {
                _afterReturn = _buffer[_start++] == '\r';
                Number++;
                return WasTooLong ? "" : beginning is null ? new string(piece) : beginning.Append(piece).ToString();
            }

            if (!WasTooLong)
            {
                (beginning ??= new StringBuilder()).Append(piece);
            }
        }

        if (beginning is null && !WasTooLong)
        {
            return null;
        }

        Number++;
        return beginning?.ToString() ?? "";
    }

    /// <summary>Makes at least one character available, past the LF of a CR LF; false at the end.</summary>
    private bool Fill()
    {
        do
        {
            if (_start == _end)
            {
                (_start, _end) = (0, reader.Read(_buffer, 0, _buffer.Length));
                if (_end == 0)
                {
                    return false;
                }
            }

            if (_afterReturn && _buffer[_start] == '\n')
            {
                _start++;
            }

            _afterReturn = false;
        }
        while (_start == _end);

        return true;
    }
}
