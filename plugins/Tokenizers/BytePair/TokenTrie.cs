using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Finds the longest token that a text begins with: a double-array trie (Aoe 1989) with one word per node and one read
/// per byte.
/// </summary>
/// <remarks>
/// The child of a node for a byte is in the slot <c>base ^ byte</c> if that slot is labelled with the byte. No two
/// nodes have the same base, so the label identifies the parent. 100,000 tokens take about 2 MB. The size matters
/// because reads outside the processor's second-level cache are many times slower.
/// </remarks>
internal sealed class TokenTrie
{
    private const int None = -1;
    private const int LabelBits = 9;
    private const int TokenBits = 22;
    private const ulong Label = (1UL << LabelBits) - 1;
    private const ulong Token = (1UL << TokenBits) - 1;
    private const ulong Empty = 256;

    private readonly ulong[] _slots;
    private readonly int[] _shorter;

    /// <summary>Makes a trie of tokens.</summary>
    public TokenTrie(MergeOrder order)
    {
        var layout = new TrieLayout(order);
        _slots = new ulong[layout.Slots];
        Array.Fill(_slots, Empty);
        for (var node = 0; node < layout.Nodes; node++)
        {
            _slots[layout.SlotOf(node)] = ((ulong)layout.BaseOf(node) << (LabelBits + TokenBits)) | ((ulong)(layout.TokenOf(node) + 1) << LabelBits) | layout.LabelOf(node);
        }

        _shorter = [.. Enumerable.Range(0, order.Count).Select(token => ShorterThan(order.Bytes(token)))];
    }

    /// <summary>The longest token that the text begins with. The text must not be empty.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">Length of the token. Unit: bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Longest(ReadOnlySpan<byte> text, out int length)
    {
        length = 1;
        var slots = _slots;
        var node = slots[text[0]];
        var found = TokenAt(node);
        for (var at = 1; at < text.Length; at++)
        {
            var value = text[at];
            node = slots[(int)(node >> (LabelBits + TokenBits)) ^ value];
            if ((node & Label) != value)
            {
                break;
            }

            var token = TokenAt(node);
            if (token != None)
            {
                (found, length) = (token, at + 1);
            }
        }

        return found;
    }

    /// <summary>The longest shorter token that a token begins with, or -1.</summary>
    public int Shorter(int token) => _shorter[token];

    private static int TokenAt(ulong node) => (int)((node >> LabelBits) & Token) - 1;

    private int ShorterThan(ReadOnlySpan<byte> token) => token.Length == 1 ? None : Longest(token[..^1], out _);
}
