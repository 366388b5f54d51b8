using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace Experiments.Plugins.Sources.Compression;

/// <summary>
/// Inflates gzip (RFC 1952) member by member and checks each member's CRC-32 and length. <see cref="GZipStream"/> does
/// not show where members begin and takes a truncated file for a complete one; this class reports both.
/// </summary>
/// <remarks>
/// The inflater reads ahead and does not report where it stopped. It is therefore fed in short pieces, and the member
/// ends within the last piece. The trailer's bytes follow from the inflated bytes, so the end is found by searching the
/// last piece for them.
/// </remarks>
internal sealed class GzipMembers(Stream file) : MemberSource(file)
{
    private const int TrailerLength = 8;
    private const int LongestName = 1 << 16;
    private readonly Crc32 _checksum = new();
    private PiecewiseStream? _pieces;
    private DeflateStream? _inflater;
    private uint _length;

    public override long? Left => null;

    public override bool Next()
    {
        Close();
        Offset = File.Position;
        int first;
        while ((first = File.ReadByte()) == 0)
        {
            Offset++;
        }

        if (first < 0)
        {
            return false;
        }

        if (first != 0x1F || !ReadHeader())
        {
            throw File.Position >= File.Length
                ? new DamagedInputException("truncated_gzip", "the file ends within a gzip header")
                : new DamagedInputException("corrupt_gzip", "expected the beginning of a gzip member");
        }

        _pieces = new PiecewiseStream(File);
        _inflater = new DeflateStream(_pieces, CompressionMode.Decompress);
        _checksum.Reset();
        _length = 0;
        return true;
    }

    public override int Read(Span<byte> target)
    {
        if (_inflater is null || target.IsEmpty)
        {
            return 0;
        }

        int read;
        try
        {
            read = _inflater.Read(target);
        }
        catch (InvalidDataException problem)
        {
            Close();
            throw new DamagedInputException("corrupt_gzip", problem.Message);
        }

        if (read == 0)
        {
            EndMember();
        }

        _checksum.Append(target[..read]);
        _length += (uint)read;
        return read;
    }

    public override bool Resynchronise(ReadOnlySpan<byte> mark)
    {
        Span<byte> begin = stackalloc byte[mark.Length];
        for (var at = FindMagic(Offset + 1); at >= 0; at = FindMagic(at + 1))
        {
            File.Position = at;
            if (BeginsWith(mark, begin))
            {
                Close();
                File.Position = at;
                return true;
            }
        }

        Close();
        return false;
    }

    public override void Dispose()
    {
        Close();
        base.Dispose();
    }

    private void Close()
    {
        _inflater?.Dispose();
        _inflater = null;
    }

    private bool BeginsWith(ReadOnlySpan<byte> mark, Span<byte> begin)
    {
        try
        {
            Next();
            var length = 0;
            while (length < begin.Length && Read(begin[length..]) is > 0 and var read)
            {
                length += read;
            }

            return begin[..length].SequenceEqual(mark);
        }
        catch (DamagedInputException)
        {
            return false;
        }
    }

    private bool ReadHeader()
    {
        Span<byte> fixedPart = stackalloc byte[9];
        if (File.ReadAtLeast(fixedPart, 9, throwOnEndOfStream: false) < 9 || fixedPart[0] != 0x8B || fixedPart[1] != 8 || (fixedPart[2] & 0xE0) != 0)
        {
            return false;
        }

        var flags = fixedPart[2];
        return ((flags & 4) == 0 || Skip(File.ReadByte() | (File.ReadByte() << 8)))
            && ((flags & 8) == 0 || SkipText())
            && ((flags & 16) == 0 || SkipText())
            && ((flags & 2) == 0 || Skip(2));
    }

    private bool Skip(int count)
    {
        File.Position = Math.Min(File.Length, File.Position + Math.Max(0, count));
        return File.Position < File.Length;
    }

    private bool SkipText()
    {
        for (var length = 0; length < LongestName; length++)
        {
            if (File.ReadByte() is 0 or -1)
            {
                return File.Position < File.Length;
            }
        }

        return false;
    }

    private void EndMember()
    {
        var pieces = _pieces!;
        Close();
        if (pieces.Ended)
        {
            throw new DamagedInputException("truncated_gzip", "the file ends within a gzip member");
        }

        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, _checksum.GetCurrentHashAsUInt32());
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], _length);
        Span<byte> end = stackalloc byte[PiecewiseStream.PieceLength + TrailerLength];
        File.Position = pieces.LastPiece + 1;
        end = end[..File.ReadAtLeast(end, end.Length, throwOnEndOfStream: false)];
        var at = end.IndexOf(trailer);
        if (at < 0)
        {
            throw new DamagedInputException("corrupt_gzip", "a gzip member's checksum or length is wrong or missing");
        }

        File.Position = pieces.LastPiece + 1 + at + TrailerLength;
    }

    private long FindMagic(long from)
    {
        ReadOnlySpan<byte> magic = [0x1F, 0x8B, 8];
        var window = new byte[1 << 16];
        while (true)
        {
            File.Position = Math.Min(from, File.Length);
            var read = File.ReadAtLeast(window, window.Length, throwOnEndOfStream: false);
            var at = window.AsSpan(0, read).IndexOf(magic);
            if (at >= 0)
            {
                return from + at;
            }

            if (read < window.Length)
            {
                return -1;
            }

            from += read - magic.Length + 1;
        }
    }
}
