using System.Globalization;
using System.Text;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Sources.Warc;

/// <summary>
/// Streams the records of a WARC file, one in memory at a time. What is damaged is counted and named, and reading goes on at the next place where
/// a record begins: the next gzip member, or the next line that says <c>WARC/</c>
/// </summary>
public sealed class WarcReader : IDisposable
{
    /// <summary>The largest block that is read; a larger record is skipped. Unit: bytes.</summary>
    public const int LargestBlock = 64 << 20;

    private const int LargestHeader = 1 << 16;

    private readonly string _path;
    private readonly ISkipLog _skips;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[1 << 17];
    private int _start;
    private int _end;
    private long _position;
    private bool _atEnd;

    /// <summary>Opens a file, compressed when its first bytes say so.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public WarcReader(string path, ISkipLog skips)
    {
        (_path, _skips) = (path, skips);
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
        file.Position = 0;
        _stream = isGzip ? new GzipMembers(file) : file;
    }

    private ReadOnlySpan<byte> Window => _buffer.AsSpan(_start.._end);

    private string Place => _stream is GzipMembers members ? $"gzip member at byte {members.MemberStart}" : $"byte {_position}";

    /// <summary>The records, damaged ones left out.</summary>
    public IEnumerable<WarcRecord> Read()
    {
        while (SkipBlankLines())
        {
            var place = Place;
            if (ReadRecord(place) is { } record)
            {
                yield return record;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private WarcRecord? ReadRecord(string place)
    {
        if (!Fill("WARC/".Length) || !Window.StartsWith("WARC/"u8))
        {
            return Damaged("malformed_record", place, $"a record should begin here, but there is {Excerpt()}");
        }

        var headerEnd = FindHeaderEnd();
        if (headerEnd < 0)
        {
            return Damaged("malformed_record", place, "the record's header does not end");
        }

        var fields = ParseFields(Encoding.UTF8.GetString(Window[..headerEnd]));
        if (!fields.TryGetValue("Content-Length", out var text) || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return Damaged("malformed_record", place, $"Content-Length is '{text}' and no number");
        }

        Take(headerEnd);
        if (length > LargestBlock)
        {
            _skips.Skip("oversized_record", $"{_path}, {place}: {length} bytes, more than {LargestBlock}");
            Drop(length);
            return null;
        }

        if (!Fill((int)length))
        {
            return Damaged("truncated_record", place, $"the record should have {length} bytes, but the file ends, or is damaged, after {Window.Length}");
        }

        if (!IsFollowedByRecord((int)length))
        {
            return Damaged("wrong_length", place, $"Content-Length is {length}, but no record follows there");
        }

        var block = Window[..(int)length].ToArray();
        Take((int)length);
        return new WarcRecord(fields, block, place);
    }

    /// <summary>Names the damage and goes to where the next record may begin.</summary>
    private WarcRecord? Damaged(string reason, string place, string what)
    {
        _skips.Skip(reason, $"{_path}, {place}: {what}");
        if (Window.Length > 0)
        {
            Take(1);
        }

        while (true)
        {
            var next = Window.IndexOf("\nWARC/"u8);
            if (next >= 0)
            {
                Take(next + 1);
                return null;
            }

            Take(Math.Max(0, Window.Length - "\nWARC/".Length));
            if (!Fill(Window.Length + 1))
            {
                Take(Window.Length);
                return null;
            }
        }
    }

    private int FindHeaderEnd()
    {
        for (var wanted = 1024; ; wanted *= 2)
        {
            var isMore = Fill(wanted);
            var end = Window.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return end + 4;
            }

            var bare = Window.IndexOf("\n\n"u8);
            if (bare >= 0)
            {
                return bare + 2;
            }

            if (!isMore || wanted > LargestHeader)
            {
                return -1;
            }
        }
    }

    private static Dictionary<string, string> ParseFields(string header)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        foreach (var line in header.Split('\n').Skip(1).Select(line => line.TrimEnd('\r')))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.Length > 0 && line[0] is ' ' or '\t' && last is not null)
            {
                fields[last] += " " + line.Trim();
            }
            else if (colon > 0)
            {
                last = line[..colon].Trim();
                fields.TryAdd(last, line[(colon + 1)..].Trim());
            }
        }

        return fields;
    }

    /// <summary>Whether behind a block there are only line ends up to the next record or the end.</summary>
    private bool IsFollowedByRecord(int length)
    {
        for (var at = length; ; at++)
        {
            if (!Fill(at + 1))
            {
                return true;
            }

            if (Window[at] is not ((byte)'\r' or (byte)'\n'))
            {
                return !Fill(at + "WARC/".Length) || Window[at..].StartsWith("WARC/"u8);
            }
        }
    }

    private bool SkipBlankLines()
    {
        while (Fill(1))
        {
            if (Window[0] is not ((byte)'\r' or (byte)'\n'))
            {
                return true;
            }

            Take(1);
        }

        return false;
    }

    private void Take(int count)
    {
        _start += count;
        _position += count;
    }

    private void Drop(long count)
    {
        while (count > 0 && Fill(1))
        {
            var taken = (int)Math.Min(count, Window.Length);
            Take(taken);
            count -= taken;
        }
    }

    /// <summary>Makes so many bytes available, if the file has them.</summary>
    private bool Fill(int count)
    {
        while (_end - _start < count && !_atEnd)
        {
            if (_buffer.Length - _start < count)
            {
                var target = _buffer.Length < count ? new byte[Math.Max(count, _buffer.Length * 2)] : _buffer;
                Window.CopyTo(target);
                (_buffer, _start, _end) = (target, 0, _end - _start);
            }

            if (_end == _buffer.Length)
            {
                Window.CopyTo(_buffer);
                (_start, _end) = (0, _end - _start);
            }

            try
            {
                var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
                _atEnd = read == 0;
                _end += read;
            }
            catch (InvalidDataException problem) when (_stream is GzipMembers members)
            {
                _skips.Skip("damaged_gzip", $"{_path}, {Place}: {problem.Message}");
                _atEnd = !members.TrySkipDamage();
            }
        }

        return _end - _start >= count;
    }

    private string Excerpt() => $"'{Encoding.Latin1.GetString(Window[..Math.Min(Window.Length, 24)]).ReplaceLineEndings(" ")}'";
}
