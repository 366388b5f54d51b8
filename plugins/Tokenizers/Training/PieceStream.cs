namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Different pieces in the order of their bytes, each with its count. Stands before the first piece until <see cref="Next"/> was called.</summary>
internal abstract class PieceStream : IDisposable
{
    /// <summary>The piece; valid until the next one is asked for.</summary>
    public abstract ReadOnlySpan<byte> Piece { get; }

    /// <summary>How often the piece was seen, at least 1.</summary>
    public abstract long Count { get; }

    /// <summary>Goes to the next piece.</summary>
    /// <returns>Whether there is one.</returns>
    public abstract bool Next();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
