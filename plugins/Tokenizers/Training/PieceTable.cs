using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// Counts byte strings with open addressing over one arena of bytes. A piece takes its bytes and about 40 more, without
/// an object of its own.
/// </summary>
internal sealed class PieceTable
{
    private const int BytesAPiece = 40;
    private const ulong Odd = 0x9E3779B97F4A7C15;

    private byte[] _bytes = new byte[1 << 16];
    private Entry[] _entries = new Entry[1 << 12];

    /// <summary>
    /// Each slot holds the upper half of a piece's hash, followed by its entry's number plus 1; 0 is a free slot. A
    /// piece's first slot depends only on the upper half.
    /// </summary>
    private ulong[] _slots = new ulong[1 << 13];
    private int _bytesUsed;

    /// <summary>Number of different pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Approximate memory in use. Unit: bytes.</summary>
    public long Memory => _bytesUsed + ((long)Count * BytesAPiece);

    /// <summary>Counts a piece.</summary>
    public void Add(ReadOnlySpan<byte> piece, long count = 1)
    {
        var tag = Hash(piece) & 0xFFFFFFFF_00000000;
        for (var slot = FirstSlot(tag); ; slot = (slot + 1) & (_slots.Length - 1))
        {
            var found = _slots[slot];
            if (found == 0)
            {
                Insert(slot, tag, piece, count);
                return;
            }

            if ((found ^ tag) >> 32 != 0)
            {
                continue;
            }

            ref var entry = ref _entries[(uint)found - 1];
            if (piece.SequenceEqual(Bytes(entry)))
            {
                entry.Count = checked(entry.Count + count);
                return;
            }
        }
    }

    /// <summary>Removes all pieces and keeps the memory.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        (Count, _bytesUsed) = (0, 0);
    }

    /// <summary>The pieces, sorted by their bytes. The table must not be changed while the stream is read.</summary>
    public PieceStream Sorted() => new Stream(this);

    private void Insert(int slot, ulong tag, ReadOnlySpan<byte> piece, long count)
    {
        var end = checked(_bytesUsed + piece.Length);
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Math.Max(2L * _bytes.Length, end), Array.MaxLength));
        }

        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, 2 * _entries.Length);
        }

        piece.CopyTo(_bytes.AsSpan(_bytesUsed));
        _entries[Count++] = new() { Count = count, Start = _bytesUsed, Length = piece.Length };
        _slots[slot] = tag | (uint)Count;
        _bytesUsed = end;
        if (Count > _slots.Length / 3 * 2)
        {
            Spread();
        }
    }

    private void Spread()
    {
        var old = _slots;
        _slots = new ulong[2 * old.Length];
        foreach (var each in old)
        {
            if (each != 0)
            {
                var slot = FirstSlot(each);
                while (_slots[slot] != 0)
                {
                    slot = (slot + 1) & (_slots.Length - 1);
                }

                _slots[slot] = each;
            }
        }
    }

    private int FirstSlot(ulong tag) => (int)(tag >> 32) & (_slots.Length - 1);

    private ReadOnlySpan<byte> Bytes(in Entry entry) => _bytes.AsSpan(entry.Start, entry.Length);

    /// <summary>
    /// Hashes eight bytes per step, each with a product whose halves are combined, as in wyhash. The last step overlaps
    /// the one before.
    /// </summary>
    private static ulong Hash(ReadOnlySpan<byte> piece)
    {
        var hash = (ulong)piece.Length * Odd;
        if (piece.Length < 8)
        {
            return piece.Length >= 4
                ? Mix(hash ^ BinaryPrimitives.ReadUInt32LittleEndian(piece) ^ ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(piece[^4..]) << 32))
                : piece.Length > 0 ? Mix(hash ^ piece[0] ^ ((ulong)piece[piece.Length / 2] << 8) ^ ((ulong)piece[^1] << 16)) : 0;
        }

        for (var rest = piece; rest.Length > 8; rest = rest[8..])
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest));
        }

        return Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(piece[^8..]));
    }

    private static ulong Mix(ulong value)
    {
        var high = Math.BigMul(value, 0xD6E8FEB86659FD93, out var low);
        return (high ^ low) * Odd;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Entry
    {
        public long Count;
        public int Start;
        public int Length;
    }

    private sealed class Stream : PieceStream
    {
        private readonly PieceTable _table;
        private readonly int[] _order;
        private int _at = -1;

        public Stream(PieceTable table)
        {
            _table = table;
            _order = [.. Enumerable.Range(0, table.Count)];
            var heads = new ulong[table.Count];
            for (var i = 0; i < heads.Length; i++)
            {
                heads[i] = ByteOrder.Head(table.Bytes(table._entries[i]));
            }

            Array.Sort(heads, _order);
            for (int start = 0, end; start < heads.Length; start = end)
            {
                for (end = start + 1; end < heads.Length && heads[end] == heads[start];)
                {
                    end++;
                }

                if (end - start > 1)
                {
                    _order.AsSpan(start..end).Sort((x, y) => table.Bytes(table._entries[x]).SequenceCompareTo(table.Bytes(table._entries[y])));
                }
            }
        }

        public override ReadOnlySpan<byte> Piece => _table.Bytes(_table._entries[_order[_at]]);

        public override long Count => _table._entries[_order[_at]].Count;

        public override bool Next() => ++_at < _order.Length;
    }
}
