namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>Cuts text into pieces before the merges; no token crosses a cut. All bytes are in one piece, in order. Thread-safe.</summary>
public abstract record PieceSplitter
{
    /// <summary>Cuts a text.</summary>
    /// <param name="text">UTF-8; a byte that is no part of a character counts as a symbol.</param>
    /// <param name="sink">Takes the pieces, one after another.</param>
    internal abstract void Split<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : IPieceSink, allows ref struct;
}

/// <summary>Takes the pieces of a text. A structure, so that the call vanishes in the loop that makes it.</summary>
internal interface IPieceSink
{
    /// <summary>Takes one piece, never an empty one.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="start">Where the piece begins.</param>
    /// <param name="end">Where it ends, exclusive.</param>
    void Add(ReadOnlySpan<byte> text, int start, int end);
}
