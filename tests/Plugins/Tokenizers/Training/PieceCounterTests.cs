using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Training;

public sealed class PieceCounterTests : IDisposable
{
    private static readonly PublishedSplitter Splitter = new(SplitPattern.Gpt2);
    private readonly StageBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void CountsWhatADictionaryCounts(int threads)
    {
        var texts = Texts(300);
        using var counter = new PieceCounter(Splitter, threads);
        Count(counter, texts);
        Lines(counter.Total()).ShouldBe(Expected(texts));
        counter.TextBytes.ShouldBe(texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)));
    }

    [Fact]
    public void SpillsChangeNoCount()
    {
        var texts = Texts(300);
        var folder = _bench.Folder("spills");
        using (var counter = new PieceCounter(Splitter, 2, new(folder, Memory: 1000)))
        {
            foreach (var batch in texts.Chunk(2))
            {
                Count(counter, batch);
            }

            counter.TimesSpilled.ShouldBeGreaterThan(64, "so that runs were merged into one");
            Directory.GetFiles(folder).Length.ShouldBeInRange(1, 64);
            Lines(counter.Total()).ShouldBe(Expected(texts));
        }

        Directory.GetFiles(folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void SavedCountsGoOn(long memory)
    {
        var texts = Texts(200);
        using (var first = new PieceCounter(Splitter, 3, new(_bench.Folder("first"), memory)))
        {
            foreach (var batch in texts.Take(100).Chunk(10))
            {
                Count(first, batch);
            }

            first.Save(_bench.Folder("saved"));
            Count(first, ["what comes behind the checkpoint is lost"]);
        }

        using var second = new PieceCounter(Splitter, 1, new(_bench.Folder("second"), memory));
        second.Load(_bench.Folder("saved"));
        Count(second, texts[100..]);
        Lines(second.Total()).ShouldBe(Expected(texts));
    }

    [Fact]
    public void TheMostFrequentPiecesAreKeptAndOfEqualOnesTheSmaller()
    {
        using var counter = new PieceCounter(Splitter, 2);
        Count(counter, ["a a a a", " b b", " d", " e", " c c"]);
        Lines(counter.MostFrequent(2, out var totals)).ShouldBe([" a 3", " b 2"]);
        totals.ShouldBe(new PieceTotals(6, 19));
        Lines(counter.MostFrequent(4, out _)).ShouldBe([" a 3", " b 2", " c 2", " d 1"]);
    }

    private static void Count(PieceCounter counter, string[] texts) =>
        counter.Add([.. texts.Select((text, index) => new Document($"{index}", text))], TestContext.Current.CancellationToken);

    private static string[] Texts(int count)
    {
        var random = new RandomStream(1, "texts");
        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = i % 2 == 0 ? RandomText.Basic(ref random) : $"one two {i} {i * i} three{i} {new string('ü', i)}";
        }

        return texts;
    }

    private static string[] Expected(string[] texts) =>
    [
        .. texts.SelectMany(text => SplitPieces.Of(Splitter, Encoding.UTF8.GetBytes(text))).GroupBy(piece => Convert.ToHexString(piece))
            .OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{Encoding.UTF8.GetString(Convert.FromHexString(group.Key))} {group.Count()}"),
    ];

    private static string[] Lines(PieceCounts pieces) =>
        [.. Enumerable.Range(0, pieces.Count).Select(index => $"{Encoding.UTF8.GetString(pieces[index])} {pieces.Counts[index]}")];
}
