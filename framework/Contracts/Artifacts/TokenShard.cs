using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Experiments.Contracts.Artifacts;

/// <summary>
/// One memory-mapped file of token ids, little-endian. It starts with the magic <c>LABTOKS1</c>, followed by four
/// 64-bit integers: the width of a token in bytes (2 or 4), the number of tokens, the number of documents, and the
/// number of UTF-8 bytes of text. Then come the tokens, zero bytes up to a multiple of 8, and the start of each
/// document. Every document begins with the end-of-text token.
/// </summary>
public sealed unsafe class TokenShard : IDisposable
{
    internal const int HeaderSize = 40;
    internal static ReadOnlySpan<byte> Magic => "LABTOKS1"u8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private TokenShard(string path, MemoryMappedFile file, long length)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
        var header = new ReadOnlySpan<long>(_start + 8, 4);
        (Width, Count, DocumentCount, TextBytes) = ((int)header[0], header[1], header[2], header[3]);
        var isWhole = new ReadOnlySpan<byte>(_start, 8).SequenceEqual(Magic) && Width is 2 or 4 && Count >= 0
            && DocumentCount >= 0
            && length == BoundariesAt(Width, Count) + (DocumentCount * 8);
        if (!isWhole)
        {
            Dispose();
            throw new InvalidDataException($"{path}: not a token shard, or truncated ({length} bytes).");
        }
    }

    /// <summary>Bytes per token: 2 or 4.</summary>
    public int Width { get; }

    /// <summary>Number of tokens, end-of-text tokens included.</summary>
    public long Count { get; }

    /// <summary>Number of documents.</summary>
    public long DocumentCount { get; }

    /// <summary>Size of the text that the tokens encode. Unit: UTF-8 bytes.</summary>
    public long TextBytes { get; }

    /// <summary>Maps a file.</summary>
    /// <exception cref="InvalidDataException">It is not a token shard, or truncated.</exception>
    public static TokenShard Open(string path)
    {
        var length = new FileInfo(path).Length;
        return length >= HeaderSize
            ? new TokenShard(
                path, MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read),
                length)
            : throw new InvalidDataException($"{path}: not a token shard ({length} bytes).");
    }

    /// <summary>Fills the target with tokens from <paramref name="offset"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range exceeds the shard.</exception>
    public void Read(long offset, Span<long> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + target.Length, Count, nameof(offset));
        var tokens = _start + HeaderSize + (offset * Width);
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = Width == 2 ? ((ushort*)tokens)[i] : ((uint*)tokens)[i];
        }
    }

    /// <summary>Where a document starts. Unit: tokens.</summary>
    public long DocumentStart(long document)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)document, (ulong)DocumentCount, nameof(document));
        return ((long*)(_start + BoundariesAt(Width, Count)))[document];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    internal static long BoundariesAt(int width, long count) => (HeaderSize + (count * width) + 7) / 8 * 8;
}

/// <summary>Writes a <see cref="TokenShard"/>. The file is complete after disposal.</summary>
public sealed class TokenShardWriter : IDisposable
{
    private readonly FileStream _stream;
    private readonly int _width;
    private readonly List<long> _documents = [];
    private byte[] _buffer = [];
    private long _count;
    private long _textBytes;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="vocabularySize">Decides the width: 2 bytes per token up to 65,536, otherwise 4.</param>
    public TokenShardWriter(string path, int vocabularySize)
    {
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        _width = vocabularySize <= 1 << 16 ? 2 : 4;
        _stream.Write(new byte[TokenShard.HeaderSize]);
    }

    /// <summary>Tokens written so far.</summary>
    public long Count => _count;

    /// <summary>Appends a document.</summary>
    /// <param name="tokens">Its tokens; the first is the end-of-text token.</param>
    /// <param name="textBytes">UTF-8 bytes of its text.</param>
    public void Write(ReadOnlySpan<int> tokens, long textBytes)
    {
        _documents.Add(_count);
        _count += tokens.Length;
        _textBytes += textBytes;
        if (_buffer.Length < tokens.Length * _width)
        {
            _buffer = new byte[tokens.Length * _width];
        }

        for (var i = 0; i < tokens.Length; i++)
        {
            var place = _buffer.AsSpan(i * _width);
            if (_width == 2)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(place, checked((ushort)tokens[i]));
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(place, tokens[i]);
            }
        }

        _stream.Write(_buffer.AsSpan(0, tokens.Length * _width));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Write(new byte[TokenShard.BoundariesAt(_width, _count) - _stream.Position]);
        _stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_documents)));
        _stream.Position = 0;
        _stream.Write(TokenShard.Magic);
        _stream.Write(MemoryMarshal.AsBytes<long>([_width, _count, _documents.Count, _textBytes]));
        _stream.Dispose();
    }
}
