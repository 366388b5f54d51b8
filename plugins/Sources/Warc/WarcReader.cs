using System.Globalization;
using Experiments.Contracts.Text;
using Experiments.Plugins.Sources.Compression;

namespace Experiments.Plugins.Sources.Warc;

/// <summary>
/// Reads the records of a WARC/1.0 or 1.1 file (ISO 28500), plain or gzip. A gzip member usually holds one record, but
/// may hold several, or part of one. Damaged records are skipped, and reading continues at the next record with an
/// intact beginning.
/// </summary>
/// <remarks>
/// The reader holds one record in memory: a block of at most <see cref="LargestBlock"/> and its header. A record is
/// returned only when it is complete. A record at the end of a gzip member is returned only if the member's checksum is
/// right.
/// </remarks>
internal sealed class WarcReader(MemberSource source, string file, ISkipLog skips) : IDisposable
{
    /// <summary>The largest block that is read. Unit: bytes.</summary>
    public const int LargestBlock = 64 << 20;

    private const int LargestHeader = 64 << 10;
    private byte[] _buffer = new byte[256 << 10];
    private int _start;
    private int _end;
    private long _delivered;
    private bool _recovering;
    private string? _place;

    private static ReadOnlySpan<byte> Mark => "WARC/"u8;

    private Span<byte> Window => _buffer.AsSpan(_start, _end - _start);

    /// <summary>The next record, or null at the end of the file.</summary>
    public WarcRecord? Next()
    {
        while (true)
        {
            _place = null;
            try
            {
                if (!FindRecord())
                {
                    return null;
                }

                _place = PlaceOf(_start);
                if (TakeRecord() is { } record)
                {
                    return record;
                }
            }
            catch (DamagedInputException damage)
            {
                skips.Skip(damage.Reason, $"{file} at {_place ?? $"byte {source.Offset}"}: {damage.Message}");
                _start = _end = 0;
                _recovering = false;
                if (!source.Resynchronise(Mark))
                {
                    return null;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();

    private bool FindRecord()
    {
        while (true)
        {
            while (_start < _end && (_buffer[_start] is (byte)'\r' or (byte)'\n') && !_recovering)
            {
                _start++;
            }

            if (_recovering ? ScanForMark() : Window.StartsWith(Mark))
            {
                _recovering = false;
                return true;
            }

            if (!_recovering && Window.Length >= Mark.Length)
            {
                _place = PlaceOf(_start);
                Refuse("malformed_record", "expected the beginning of a record");
            }
            else if (!Fill() && !NextMember())
            {
                if (!Window.IsEmpty && !_recovering)
                {
                    skips.Skip("malformed_record", $"{file} at {PlaceOf(_start)}: {Window.Length} bytes after the last record");
                }

                return false;
            }
        }
    }

    /// <summary>
    /// Moves to the next mark at the beginning of a line or of a member. If there is none, keeps only the last bytes,
    /// because a mark may begin in them.
    /// </summary>
    private bool ScanForMark()
    {
        for (var at = Window.IndexOf(Mark); at >= 0; at = Window.IndexOf(Mark))
        {
            _start += at;
            if (PositionOf(_start) == 0 || (_start > 0 && _buffer[_start - 1] == '\n'))
            {
                return true;
            }

            _start++;
        }

        _start = Math.Max(_start, _end - Mark.Length);
        return false;
    }

    private WarcRecord? TakeRecord()
    {
        int header;
        while ((header = HeaderFields.Length(Window)) < 0)
        {
            if (Window.Length > LargestHeader)
            {
                return Refuse("malformed_record", "the header does not end");
            }

            if (!Fill() && !NextMember())
            {
                return Refuse("truncated_record", "the file ends within a header");
            }
        }

        var lines = Window[..header];
        var fields = HeaderFields.Parse(lines[(lines.IndexOf((byte)'\n') + 1)..], strict: true);
        if (fields?["WARC-Type"] is null || !long.TryParse(fields["Content-Length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return Refuse("malformed_record", "the header has a line that is not a field, or lacks WARC-Type or Content-Length");
        }

        if (length > LargestBlock)
        {
            return PassOver(header, length);
        }

        while (Window.Length < header + length)
        {
            if (Fill())
            {
                continue;
            }

            if (!NextMember())
            {
                return Refuse("truncated_record", $"the file ends within a block of {length} bytes");
            }

            if (BeginsRecord())
            {
                return Refuse("wrong_content_length", $"a record begins within a block of {length} bytes");
            }
        }

        var size = header + (int)length;
        if (!EndsWithEmptyLines(ref size))
        {
            return Refuse("wrong_content_length", $"the block of {length} bytes is not followed by two line breaks");
        }

        var record = new WarcRecord(fields, new ArraySegment<byte>(_buffer, _start + header, (int)length), PlaceOf(_start));
        _start += size;
        return record;
    }

    /// <summary>
    /// Whether two line breaks follow, or the end of the member. Reads to the end of the member, so that its checksum
    /// is known.
    /// </summary>
    private bool EndsWithEmptyLines(ref int size)
    {
        var breaks = 0;
        while (true)
        {
            while (size < Window.Length && Window[size] is (byte)'\r' or (byte)'\n')
            {
                breaks += Window[size++] == '\n' ? 1 : 0;
            }

            if (size < Window.Length)
            {
                return breaks >= 2;
            }

            if (!Fill())
            {
                return true;
            }
        }
    }

    private WarcRecord? PassOver(int header, long length)
    {
        var left = length - (Window.Length - header);
        if (source.Left < left)
        {
            return Refuse("wrong_content_length", $"the block of {length} bytes is longer than the rest of the file");
        }

        skips.Skip("oversized_record", $"{file} at {_place}: the block has {length} bytes; the limit is {LargestBlock}");
        _recovering = true;
        while (left > 0)
        {
            _start = _end;
            if (Fill())
            {
                left -= Window.Length;
            }
            else if (!NextMember() || BeginsRecord())
            {
                return null;
            }
        }

        _start = _end + (int)left;
        return null;
    }

    private bool BeginsRecord()
    {
        var from = _end - _start;
        while (Window.Length - from < Mark.Length && Fill())
        {
        }

        return Window[from..].StartsWith(Mark);
    }

    private WarcRecord? Refuse(string reason, string message)
    {
        skips.Skip(reason, $"{file} at {_place}: {message}");
        _start++;
        _recovering = true;
        return null;
    }

    private bool NextMember()
    {
        _delivered = 0;
        return source.Next();
    }

    /// <summary>Adds bytes of the current member at the end of the window; false at the member's end.</summary>
    private bool Fill()
    {
        if (_buffer.Length - _end < 4 << 10)
        {
            var window = Window;
            var keep = Math.Min(_start, 1);
            var target = window.Length > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
            _buffer.AsSpan(_start - keep, window.Length + keep).CopyTo(target);
            (_buffer, _start, _end) = (target, keep, window.Length + keep);
        }

        var read = source.Read(_buffer.AsSpan(_end));
        _end += read;
        _delivered += read;
        return read > 0;
    }

    private long PositionOf(int index) => _delivered - (_end - index);

    private string PlaceOf(int index) => source.Left is null && PositionOf(index) > 0
        ? $"byte {source.Offset} + {PositionOf(index)} inflated"
        : $"byte {source.Offset + Math.Max(0, PositionOf(index))}";
}
