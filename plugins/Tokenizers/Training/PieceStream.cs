namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>
/// A stream of different pieces with their counts, sorted by their bytes. It is positioned before the first piece until
/// <see cref="Next"/> is called.
/// </summary>
internal abstract class PieceStream : IDisposable
{
    /// <summary>The current piece. Valid until <see cref="Next"/> is called.</summary>
    public abstract ReadOnlySpan<byte> Piece { get; }

    /// <summary>The count of the current piece, at least 1.</summary>
    public abstract long Count { get; }

    /// <summary>Moves to the next piece.</summary>
    /// <returns>Whether there is a next piece.</returns>
    public abstract bool Next();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
