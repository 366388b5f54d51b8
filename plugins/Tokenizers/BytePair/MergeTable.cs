using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Maps two neighbouring tokens to the token that they become. All three are packed into one word (21, 21 and 22 bits),
/// so the table of a vocabulary of 100,000 tokens takes 2 MB, and most look-ups are one read.
/// </summary>
internal sealed class MergeTable
{
    /// <summary>All token numbers are below this.</summary>
    public const int Limit = 1 << 21;

    private const int KeyShift = 22;
    private const ulong Value = (1UL << KeyShift) - 1;
    private const ulong Scatter = 0x9E3779B97F4A7C15;

    private readonly ulong[] _slots;
    private readonly int _shift;

    /// <summary>Makes an empty table.</summary>
    /// <param name="capacity">Maximum number of pairs.</param>
    public MergeTable(int capacity)
    {
        var bits = System.Numerics.BitOperations.Log2((uint)Math.Max(capacity, 1)) + 2;
        _slots = new ulong[1 << bits];
        _shift = 64 - bits;
    }

    /// <summary>The token that two tokens become, or -1 if they are not merged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int left, int right)
    {
        var key = Key(left, right);
        var slots = _slots;
        for (var slot = (int)((key * Scatter) >> _shift); ; slot = (slot + 1) & (slots.Length - 1))
        {
            var entry = slots[slot];
            if (entry >> KeyShift == key)
            {
                return (int)(entry & Value) - 1;
            }

            if (entry == 0)
            {
                return -1;
            }
        }
    }

    /// <summary>Adds a pair that is not in the table yet.</summary>
    public void Add(int left, int right, int outcome)
    {
        var key = Key(left, right);
        var slot = (int)((key * Scatter) >> _shift);
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        _slots[slot] = (key << KeyShift) | (uint)(outcome + 1);
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 21) | (uint)right;
}
