namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>
/// Splits text into pieces before merging. No token crosses a border between pieces. Each byte is in exactly one piece,
/// and the pieces are in order. Thread-safe.
/// </summary>
public abstract record PieceSplitter
{
    /// <summary>Splits a text.</summary>
    /// <param name="text">The text as UTF-8. A byte that is not part of a character counts as a symbol.</param>
    /// <param name="sink">Receives the pieces, one after another.</param>
    internal abstract void Split<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : IPieceSink, allows ref struct;
}

/// <summary>
/// Receives the pieces of a text. It is implemented by structs, so that the call is inlined into the splitting loop.
/// </summary>
internal interface IPieceSink
{
    /// <summary>Receives one piece. A piece is never empty.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="end">Where the piece ends, exclusive.</param>
    void Add(ReadOnlySpan<byte> text, int start, int end);
}
