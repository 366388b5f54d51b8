namespace Experiments.Learning.Decoding.Native;

/// <summary>Keys and values of 64 positions of a sequence, in all layers.</summary>
internal sealed class CachePage(long bytes) : IDisposable
{
    /// <summary>Positions per page.</summary>
    public const int Positions = 64;

    /// <summary>The numbers: [layer, keys or values, head, position, width].</summary>
    public AlignedBuffer Memory { get; } = new(bytes);

    /// <summary>Number of sequences that use the page.</summary>
    public int Owners { get; set; } = 1;

    public void Dispose() => Memory.Dispose();
}

/// <summary>
/// What a sequence has read, in pages, of which all but the last are full. Sequences may share full pages, because
/// these are never written again.
/// </summary>
internal sealed class CachedSequence
{
    /// <summary>The pages.</summary>
    public List<CachePage> Pages { get; } = [];

    /// <summary>Number of positions read.</summary>
    public int Length { get; set; }
}
