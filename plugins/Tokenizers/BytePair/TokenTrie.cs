using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Finds the longest token that a text begins with. The first two bytes are one look-up, every further byte another.</summary>
internal sealed class TokenTrie
{
    private const int None = -1;
    private const int ByteBits = 8;
    private const int NodeBits = 24;
    private const uint Scatter = 0x9E3779B1;

    private readonly int[] _firstTwo = new int[1 << 16];
    private readonly List<int> _tokens = [];
    private readonly List<int> _shorter = [];
    private ulong[] _edges = new ulong[1 << 12];
    private int _shift = 32 - 12;

    /// <summary>Makes the trie of tokens.</summary>
    /// <param name="count">Tokens; the first 256 are the bytes.</param>
    /// <param name="bytes">The bytes of a token.</param>
    public TokenTrie(int count, Func<int, byte[]> bytes)
    {
        for (var token = 0; token < 256; token++)
        {
            _tokens.Add(token);
        }

        for (var token = 256; token < count; token++)
        {
            Add(bytes(token), token);
        }

        for (var pair = 0; pair < _firstTwo.Length; pair++)
        {
            var node = Child(pair & 0xFF, (byte)(pair >> ByteBits));
            _firstTwo[pair] = node;
        }

        for (var token = 0; token < count; token++)
        {
            _shorter.Add(token < 256 ? None : ShorterOf(bytes(token)));
        }
    }

    /// <summary>The longest token that begins the text, which must not be empty.</summary>
    public int Longest(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return text[0];
        }

        var found = (int)text[0];
        var node = _firstTwo[MemoryMarshal.Read<ushort>(text)];
        var tokens = CollectionsMarshal.AsSpan(_tokens);
        for (var at = 2; node != None; at++)
        {
            var token = tokens[node];
            found = token != None ? token : found;
            if (at == text.Length)
            {
                break;
            }

            node = Child(node, text[at]);
        }

        return found;
    }

    /// <summary>The longest other token that a token begins with, or -1.</summary>
    public int Shorter(int token) => _shorter[token];

    private void Add(byte[] bytes, int token)
    {
        var node = (int)bytes[0];
        foreach (var value in bytes.AsSpan(1))
        {
            var child = Child(node, value);
            if (child == None)
            {
                child = _tokens.Count;
                _tokens.Add(None);
                Link(node, value, child);
            }

            node = child;
        }

        _tokens[node] = token;
    }

    private int ShorterOf(byte[] bytes)
    {
        int node = bytes[0], found = node;
        for (var at = 1; at + 1 < bytes.Length; at++)
        {
            node = Child(node, bytes[at]);
            found = _tokens[node] != None ? _tokens[node] : found;
        }

        return found;
    }

    /// <summary>An edge is its parent and byte in the upper word, its child plus one in the lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Child(int node, byte value)
    {
        var key = ((uint)node << ByteBits) | value;
        var edges = _edges;
        for (var slot = (int)((key * Scatter) >> _shift); ; slot = (slot + 1) & (edges.Length - 1))
        {
            var edge = edges[slot];
            if ((uint)(edge >> 32) == key && edge != 0)
            {
                return (int)(uint)edge - 1;
            }

            if (edge == 0)
            {
                return None;
            }
        }
    }

    private void Link(int node, byte value, int child)
    {
        if (child >= 1 << NodeBits)
        {
            throw new InvalidDataException($"The tokens have more than {1 << NodeBits} different beginnings.");
        }

        if (child * 2 > _edges.Length)
        {
            var old = _edges;
            _edges = new ulong[old.Length * 2];
            _shift--;
            foreach (var edge in old)
            {
                if (edge != 0)
                {
                    Place(edge);
                }
            }
        }

        Place(((ulong)(((uint)node << ByteBits) | value) << 32) | (uint)(child + 1));
    }

    private void Place(ulong edge)
    {
        var slot = (int)(((uint)(edge >> 32) * Scatter) >> _shift);
        while (_edges[slot] != 0)
        {
            slot = (slot + 1) & (_edges.Length - 1);
        }

        _edges[slot] = edge;
    }
}
