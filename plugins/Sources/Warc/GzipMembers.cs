using ICSharpCode.SharpZipLib.Checksum;
using ICSharpCode.SharpZipLib.Zip.Compression;

namespace Experiments.Plugins.Sources.Warc;

/// <summary>
/// The bytes of a gzip file, member by member (RFC 1952), with each member's checksum and length checked. Unlike the runtime's stream it knows
/// where members begin, so that reading can go on behind a damaged one.
/// </summary>
/// <param name="file">The compressed file; it must be seekable.</param>
public sealed class GzipMembers(Stream file) : Stream
{
    private const int HeaderSize = 10;
    private const int TrailerSize = 8;
    private const int Deflate = 8;
    private const int HasChecksum = 2;
    private const int HasExtra = 4;
    private const int HasName = 8;
    private const int HasComment = 16;

    private readonly Inflater _inflater = new(noHeader: true);
    private readonly Crc32 _checksum = new();
    private readonly byte[] _input = new byte[1 << 16];
    private long _length;
    private bool _isOpen;

    /// <summary>Where the current member begins in the file. Unit: bytes.</summary>
    public long MemberStart { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads on, across members.</summary>
    /// <exception cref="InvalidDataException">The member is damaged or cut off; <see cref="TrySkipDamage"/> goes on behind it.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        while (true)
        {
            if (!_isOpen && !OpenMember())
            {
                return 0;
            }

            var read = Inflate(buffer, offset, count);
            if (read > 0 || count == 0)
            {
                return read;
            }
        }
    }

    /// <summary>Goes to the next place, behind the start of the current member, where a member seems to begin.</summary>
    /// <returns>False when there is none.</returns>
    public bool TrySkipDamage()
    {
        _isOpen = false;
        file.Position = MemberStart + 1;
        var matched = 0;
        while (file.ReadByte() is var next and >= 0)
        {
            matched = (matched, next) switch
            {
                (0 or 1, 0x1F) => 1,
                (1, 0x8B) => 2,
                (2, Deflate) => 3,
                (2, 0x1F) => 1,
                _ => 0,
            };
            if (matched == 3)
            {
                file.Position -= 3;
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool OpenMember()
    {
        MemberStart = file.Position;
        Span<byte> header = stackalloc byte[HeaderSize];
        var read = file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
        if (read == 0 || (header[..read].IndexOfAnyExcept((byte)0) < 0 && file.Position == file.Length))
        {
            return false; // the end, with or without padding
        }

        if (read < HeaderSize || header[0] != 0x1F || header[1] != 0x8B || header[2] != Deflate)
        {
            throw new InvalidDataException("no gzip member begins here");
        }

        var flags = header[3];
        if ((flags & HasExtra) != 0)
        {
            Skip(Next() | (Next() << 8));
        }

        if ((flags & HasName) != 0)
        {
            SkipText();
        }

        if ((flags & HasComment) != 0)
        {
            SkipText();
        }

        if ((flags & HasChecksum) != 0)
        {
            Skip(2);
        }

        _inflater.Reset();
        _checksum.Reset();
        _length = 0;
        return _isOpen = true;
    }

    private int Inflate(byte[] buffer, int offset, int count)
    {
        try
        {
            while (true)
            {
                var read = _inflater.Inflate(buffer, offset, count);
                if (read > 0)
                {
                    _checksum.Update(new ArraySegment<byte>(buffer, offset, read));
                    _length += read;
                    return read;
                }

                if (_inflater.IsFinished)
                {
                    CloseMember();
                    return 0;
                }

                if (!_inflater.IsNeedingInput)
                {
                    throw new InvalidDataException("the compressed data need a dictionary");
                }

                var more = file.Read(_input);
                if (more == 0)
                {
                    throw new InvalidDataException("the gzip member is cut off");
                }

                _inflater.SetInput(_input, 0, more);
            }
        }
        catch (Exception problem) when (problem is ICSharpCode.SharpZipLib.SharpZipBaseException or IndexOutOfRangeException)
        {
            throw new InvalidDataException($"the compressed data are damaged ({problem.Message})", problem);
        }
    }

    private void CloseMember()
    {
        file.Position -= _inflater.RemainingInput;
        _isOpen = false;
        Span<byte> trailer = stackalloc byte[TrailerSize];
        if (file.ReadAtLeast(trailer, TrailerSize, throwOnEndOfStream: false) < TrailerSize)
        {
            throw new InvalidDataException("the gzip member is cut off");
        }

        if (BitConverter.ToUInt32(trailer) != (uint)_checksum.Value || BitConverter.ToUInt32(trailer[4..]) != (uint)_length)
        {
            throw new InvalidDataException("the gzip member's checksum is wrong");
        }
    }

    private int Next() => file.ReadByte() is var next and >= 0 ? next : throw new InvalidDataException("the gzip member is cut off");

    private void Skip(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Next();
        }
    }

    private void SkipText()
    {
        while (Next() != 0)
        {
        }
    }
}
