using System.Runtime.CompilerServices;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>A growing list of token ids without an allocation per token, with scratch memory for its writers.</summary>
internal sealed class TokenBuffer
{
    private const int Kept = 1 << 22;
    private int[] _ids = new int[1 << 10];
    private ulong[] _words = [];

    /// <summary>Number of ids.</summary>
    public int Count { get; set; }

    /// <summary>All ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>
    /// Room for at least <paramref name="more"/> more ids. Whoever fills it must increase <see cref="Count"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<int> Room(int more)
    {
        if (Count + more > _ids.Length)
        {
            Grow(more);
        }

        return _ids.AsSpan(Count);
    }

    /// <summary>Appends an id.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id)
    {
        Room(1)[0] = id;
        Count++;
    }

    /// <summary>Scratch memory, filled with zeros.</summary>
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

    /// <summary>Removes all ids, and frees the memory if it is large.</summary>
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
