using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Deduplication.Tests;

public sealed class MinHashDedupFilterTests(ITestOutputHelper output)
{
    private const int Pairs = 600;
    private const int Shingles = 200;

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.6)]
    [InlineData(0.7)]
    [InlineData(0.8)]
    [InlineData(0.9)]
    public void PlantedNearDuplicatesAreFoundAsOftenAsTheTheorySays(double similarity)
    {
        var shared = (int)Math.Round(2 * Shingles * similarity / (1 + similarity));
        var exact = shared / (double)((2 * Shingles) - shared);
        var found = 0;
        for (var pair = 0; pair < Pairs; pair++)
        {
            var filter = new MinHashDedupFilter(new());
            filter.Apply(Text(pair, shared, "left")).Document.ShouldNotBeNull();
            found += filter.Apply(Text(pair, shared, "right")).Reason == "near_duplicate" ? 1 : 0;
        }

        var expected = 1 - Math.Pow(1 - Math.Pow(exact, 8), 14);
        output.WriteLine($"similarity {exact:F3}: found {found / (double)Pairs:F4}, theory {expected:F4}");
        var tolerance = Math.Max(0.03, 3 * Math.Sqrt(expected * (1 - expected) / Pairs));
        (found / (double)Pairs).ShouldBe(expected, tolerance);
    }

    [Fact]
    public void CasePunctuationAccentsAndNumbersMakeNoDifference()
    {
        var filter = new MinHashDedupFilter(new());
        filter.Apply(new Document("1", "The café sold 1,200 cups of coffee -- in the year 1999!")).Document.ShouldNotBeNull();
        filter.Apply(new Document("2", "the CAFE sold 3.5 cups, of coffee: in the year 2024")).Reason.ShouldBe("near_duplicate");
    }

    [Fact]
    public void ATextShorterThanAShingleIsKept()
    {
        var filter = new MinHashDedupFilter(new());
        filter.Apply(new Document("1", "four words are short")).Document.ShouldNotBeNull();
        filter.Apply(new Document("2", "four words are short")).Document.ShouldNotBeNull();
    }

    [Fact]
    public void ASavedFilterRemembersWhatItSaw()
    {
        var first = new MinHashDedupFilter(new());
        first.Apply(Text(1, 50, "left"));
        var state = new MemoryStream();
        first.Save(state);
        state.Position = 0;
        var second = new MinHashDedupFilter(new());
        second.Load(state);
        second.Apply(Text(1, 50, "left")).Reason.ShouldBe("near_duplicate");
        second.Apply(Text(2, 50, "left")).Document.ShouldNotBeNull();
    }

    /// <summary>A text whose first shingles are shared by the pair and whose others are its own.</summary>
    private static Document Text(int pair, int shared, string side)
    {
        var random = new RandomStream(7, side, pair);
        var common = new RandomStream(7, "common", pair);
        var words = Enumerable.Range(0, Shingles + 4).Select(i => Word(i < shared + 4 ? common.NextUInt64() : random.NextUInt64(), i));
        return new Document($"{pair}-{side}", string.Join(' ', words));

        // The word depends on its number and its position.
        static string Word(ulong number, int position) => string.Concat(number.ToString("x").Select(digit => (char)('a' + Convert.ToInt32(digit.ToString(), 16)))) + (char)('a' + (position % 26));
    }
}
