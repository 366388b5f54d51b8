using System.Runtime.CompilerServices;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>A pair of neighbours: how often it occurs in the text, and where.</summary>
internal struct PairEntry
{
    /// <summary>The pair, see <see cref="PairTable.Key"/>.</summary>
    public ulong Key;

    /// <summary>How often the pair occurs in the text; 0 marks a free slot.</summary>
    public long Count;

    /// <summary>Where the pair's places begin in the list of the later token's merge.</summary>
    public int Start;

    /// <summary>How many places there are in that list. Some may have become invalid since.</summary>
    public int Length;
}

/// <summary>
/// The pairs that occur in the text, by 64-bit keys. It uses open addressing, without an object per pair.
/// </summary>
internal sealed class PairTable
{
    private PairEntry[] _slots = new PairEntry[1 << 12];
    private int _shift = 64 - 12;

    /// <summary>Number of pairs.</summary>
    public int Count { get; private set; }

    /// <summary>A pair as a number: left id, then right id. Numbers sort in the order of the ids.</summary>
    public static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    /// <summary>The pair of a number.</summary>
    public static TokenPair Pair(ulong key) => new((int)(key >> 32), (int)(uint)key);

    /// <summary>The entry of a pair, or a null reference if there is none. Valid until the table changes.</summary>
    public ref PairEntry Find(ulong key)
    {
        for (var slot = First(key); ; slot = Next(slot))
        {
            ref var entry = ref _slots[slot];
            if (entry.Count == 0)
            {
                return ref Unsafe.NullRef<PairEntry>();
            }

            if (entry.Key == key)
            {
                return ref entry;
            }
        }
    }

    /// <summary>Adds a pair that is not in the table yet.</summary>
    public void Add(in PairEntry added)
    {
        if (Count >= _slots.Length / 10 * 7)
        {
            var old = _slots;
            _slots = new PairEntry[2 * old.Length];
            _shift--;
            foreach (ref var each in old.AsSpan())
            {
                if (each.Count != 0)
                {
                    Place(each);
                }
            }
        }

        Place(added);
        Count++;
    }

    /// <summary>Removes a pair, and moves entries that it had displaced to their proper slots.</summary>
    /// <param name="entry">The entry that <see cref="Find"/> returned.</param>
    public void Remove(ref PairEntry entry)
    {
        var hole = (int)(Unsafe.ByteOffset(ref _slots[0], ref entry) / Unsafe.SizeOf<PairEntry>());
        for (var slot = Next(hole); _slots[slot].Count != 0; slot = Next(slot))
        {
            var wanted = First(_slots[slot].Key);
            var mask = _slots.Length - 1;
            if (((slot - wanted) & mask) >= ((slot - hole) & mask))
            {
                _slots[hole] = _slots[slot];
                hole = slot;
            }
        }

        _slots[hole].Count = 0;
        Count--;
    }

    private void Place(in PairEntry entry)
    {
        var slot = First(entry.Key);
        while (_slots[slot].Count != 0)
        {
            slot = Next(slot);
        }

        _slots[slot] = entry;
    }

    private int First(ulong key) => (int)((key ^ (key >> 29)) * 0x9E3779B97F4A7C15 >> _shift);

    private int Next(int slot) => (slot + 1) & (_slots.Length - 1);
}
