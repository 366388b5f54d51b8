namespace Experiments.Plugins.Tokenizers.Tests;

/// <summary>The pieces of a text as a list.</summary>
internal static class SplitPieces
{
    public static List<byte[]> Of(PieceSplitter splitter, ReadOnlySpan<byte> text)
    {
        var sink = new Sink();
        splitter.Split(text, ref sink);
        return sink.Pieces;
    }

    private readonly struct Sink() : IPieceSink
    {
        public List<byte[]> Pieces { get; } = [];

        public void Add(ReadOnlySpan<byte> text, int start, int end) => Pieces.Add(text[start..end].ToArray());
    }
}
