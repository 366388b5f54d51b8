using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Token ids that grow without an object a token, and scratch for whoever writes them.</summary>
internal sealed class TokenBuffer
{
    private const int Kept = 1 << 22;
    private int[] _ids = new int[1 << 10];
    private ulong[] _words = [];

    /// <summary>How many ids there are.</summary>
    public int Count { get; set; }

    /// <summary>All of them.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Room for at least so many more; <see cref="Count"/> says how much of it is used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> Room(int more)
    {
        if (Count + more > _ids.Length)
        {
            Grow(more);
        }

        return _ids.AsSpan(Count);
    }

    /// <summary>Appends one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id)
    {
        Room(1)[0] = id;
        Count++;
    }

    /// <summary>Scratch of zeros.</summary>
    public Span<ulong> Cleared(int words)
    {
        if (_words.Length < words)
        {
            _words = new ulong[Math.Max(words, 2 * _words.Length)];
        }

        var cleared = _words.AsSpan(0, words);
        cleared.Clear();
        return cleared;
    }

    /// <summary>Forgets all, and much room too.</summary>
    public void Clear()
    {
        Count = 0;
        if (_ids.Length > Kept)
        {
            (_ids, _words) = (new int[Kept], []);
        }
    }

    private void Grow(int more) => Array.Resize(ref _ids, (int)Math.Min(Array.MaxLength, Math.Max(2L * _ids.Length, Count + (long)more)));
}
