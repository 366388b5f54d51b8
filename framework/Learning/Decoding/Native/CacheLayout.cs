namespace Experiments.Learning;

/// <summary>Where keys and values lie in the pages, and the pages that are free.</summary>
/// <param name="layers">Layers.</param>
/// <param name="heads">Heads of keys and values.</param>
/// <param name="headWidth">Width of a head.</param>
/// <param name="numberSize">Bytes a number.</param>
internal sealed unsafe class CacheLayout(int layers, int heads, int headWidth, int numberSize) : IDisposable
{
    private readonly Stack<CachePage> _free = [];
    private readonly long _headBytes = (long)CachePage.Positions * INumberFormat.Padded(headWidth) * numberSize;

    /// <summary>Bytes from a position of a head to the next.</summary>
    public int Stride { get; } = INumberFormat.Padded(headWidth) * numberSize;

    private long PageBytes => 2L * layers * heads * _headBytes;

    /// <summary>Keys of a head at a position.</summary>
    public byte* Keys(CachedSequence sequence, int layer, int head, int position) => Place(sequence, (2L * layer * heads) + head, position);

    /// <summary>Values of a head at a position.</summary>
    public byte* Values(CachedSequence sequence, int layer, int head, int position) => Place(sequence, (((2L * layer) + 1) * heads) + head, position);

    /// <summary>Makes room for positions.</summary>
    public void Reserve(CachedSequence sequence, int positions)
    {
        while (sequence.Pages.Count * CachePage.Positions < positions)
        {
            sequence.Pages.Add(Take());
        }
    }

    /// <summary>A sequence that has read the same: it shares the full pages and gets a copy of the last.</summary>
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

    /// <summary>Gives the pages of a sequence back.</summary>
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
