namespace Experiments.Learning;

/// <summary>Keys and values of 64 positions of a sequence, in all layers.</summary>
internal sealed class CachePage(long bytes) : IDisposable
{
    /// <summary>Positions a page.</summary>
    public const int Positions = 64;

    /// <summary>The numbers: [layer, keys or values, head, position, width].</summary>
    public AlignedBuffer Memory { get; } = new(bytes);

    /// <summary>Sequences that read it.</summary>
    public int Owners { get; set; } = 1;

    public void Dispose() => Memory.Dispose();
}

/// <summary>What a sequence has read: pages, of which all but the last are full. Full pages may belong to several sequences, for nothing is written into them any more.</summary>
internal sealed class CachedSequence
{
    /// <summary>The pages.</summary>
    public List<CachePage> Pages { get; } = [];

    /// <summary>Positions that were read.</summary>
    public int Length { get; set; }
}
