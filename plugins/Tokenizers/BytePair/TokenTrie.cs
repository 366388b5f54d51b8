using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Finds the longest token that a text begins with: a double-array trie (Aoe 1989), one word a node, one read a byte.</summary>
/// <remarks>
/// The child of a node for a byte is the slot <c>base ^ byte</c>, if that slot is labelled with the byte: no two nodes have the same base, so the
/// label tells whose child it is. 100,000 tokens make about 2 MB; what does not fit the processor's second cache costs many times as much to read.
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

    /// <summary>Makes the trie of tokens.</summary>
    /// <param name="tokens">The bytes of each; the first 256 are the bytes.</param>
    public TokenTrie(IReadOnlyList<byte[]> tokens)
    {
        var layout = new TrieLayout(tokens);
        _slots = new ulong[layout.Slots];
        Array.Fill(_slots, Empty);
        for (var node = 0; node < layout.Nodes; node++)
        {
            _slots[layout.SlotOf(node)] = ((ulong)layout.BaseOf(node) << (LabelBits + TokenBits)) | ((ulong)(layout.TokenOf(node) + 1) << LabelBits) | layout.LabelOf(node);
        }

        _shorter = [.. tokens.Select(ShorterThan)];
    }

    /// <summary>The longest token that begins the text, which must not be empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Longest(ReadOnlySpan<byte> text)
    {
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
            found = token == None ? found : token;
        }

        return found;
    }

    /// <summary>The longest other token that a token begins with, or -1.</summary>
    public int Shorter(int token) => _shorter[token];

    private static int TokenAt(ulong node) => (int)((node >> LabelBits) & Token) - 1;

    private int ShorterThan(byte[] token) => token.Length == 1 ? None : Longest(token.AsSpan(0, token.Length - 1));
}
