namespace Experiments.Learning.Decoding.Native;

/// <summary>The places of keys and values in the pages, and the free pages.</summary>
/// <param name="layers">Number of layers.</param>
/// <param name="heads">Number of heads of keys and values.</param>
/// <param name="headWidth">Width of a head.</param>
/// <param name="numberSize">Bytes per number.</param>
internal sealed unsafe class CacheLayout(int layers, int heads, int headWidth, int numberSize) : IDisposable
{
    private readonly Stack<CachePage> _free = [];
    private readonly long _headBytes = (long)CachePage.Positions * INumberFormat.Padded(headWidth) * numberSize;

    /// <summary>Bytes from one position of a head to the next.</summary>
    public int Stride { get; } = INumberFormat.Padded(headWidth) * numberSize;

    private long PageBytes => 2L * layers * heads * _headBytes;

    /// <summary>The address of a head's keys at a position.</summary>
    public byte* Keys(CachedSequence sequence, int layer, int head, int position) =>
        Place(sequence, (2L * layer * heads) + head, position);

    /// <summary>The address of a head's values at a position.</summary>
    public byte* Values(CachedSequence sequence, int layer, int head, int position) =>
        Place(sequence, (((2L * layer) + 1) * heads) + head, position);

    /// <summary>Makes room for positions.</summary>
    public void Reserve(CachedSequence sequence, int positions)
    {
        while (sequence.Pages.Count * CachePage.Positions < positions)
        {
            sequence.Pages.Add(Take());
        }
    }

    /// <summary>Copies a sequence. The copy shares the full pages and gets its own copy of the last page.</summary>
    public CachedSequence Fork(CachedSequence sequence)
    {
        var fork = new CachedSequence { Length = sequence.Length };
        foreach (var page in sequence.Pages)
        {
            if (fork.Pages.Count < sequence.Length / CachePage.Positions)
            {
                page.Owners++;
                fork.Pages.Add(page);
            }
            else
            {
                var copy = Take();
                Buffer.MemoryCopy(page.Memory.Address, copy.Memory.Address, PageBytes, PageBytes);
                fork.Pages.Add(copy);
            }
        }

        return fork;
    }

    /// <summary>Releases the pages of a sequence.</summary>
    public void Release(CachedSequence sequence)
    {
        foreach (var page in sequence.Pages)
        {
            if (--page.Owners == 0)
            {
                _free.Push(page);
            }
        }

        sequence.Pages.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_free.TryPop(out var page))
        {
            page.Dispose();
        }
    }

    private CachePage Take()
    {
        if (!_free.TryPop(out var page))
        {
            return new(PageBytes);
        }

        page.Owners = 1;
        return page;
    }

    private byte* Place(CachedSequence sequence, long head, int position) =>
        sequence.Pages[position / CachePage.Positions].Memory.Address + (head * _headBytes) + (position % CachePage.Positions * (long)Stride);
}
