using System.Text;
using Experiments.Contracts;
using Experiments.Testing;

namespace Experiments.Plugins.Tokenizers.Tests.Training;

public sealed class BytePairTrainerTests
{
    [Theory]
    [InlineData(MergeTies.Greater)]
    [InlineData(MergeTies.SmallerId)]
    public void LearnsWhatANaiveTrainerLearns(MergeTies ties)
    {
        for (var corpus = 0; corpus < 20; corpus++)
        {
            var random = new RandomStream(1, "corpus", corpus);
            string[] alphabet = ["a", "b", "aaaa", "é", "日本", "\0", "ab"];
            var kinds = random.Next(1, alphabet.Length + 1);
            var pieces = new PieceTable();
            for (var left = random.Next(1, 60); left > 0; left--)
            {
                var piece = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => alphabet[random.Next(kinds)]));
                pieces.Add(Encoding.UTF8.GetBytes(piece), random.Next(1, 4));
            }

            Same(PieceCounts.All(pieces.Sorted()), ties, merges: 200);
        }
    }

    [Theory]
    [InlineData(MergeTies.Greater)]
    [InlineData(MergeTies.SmallerId)]
    public void RunsOfOneLetterAreMergedFromTheLeft(MergeTies ties)
    {
        for (var length = 1; length < 40; length++)
        {
            Same(Counted((new string('a', length), 2), (new string('a', length / 2) + "b", 1)), ties, merges: 60);
        }
    }

    [Fact]
    public void AMegabyteOfOneLetterIsNoTrap()
    {
        var trainer = new BytePairTrainer(Counted((new string('a', 1 << 20), 1)), MergeTies.Greater);
        for (var i = 0; i < 20; i++)
        {
            trainer.Next().ShouldNotBeNull();
        }

        trainer.TextTokens.ShouldBe(1);
        trainer.Next().ShouldBeNull();
    }

    [Fact]
    public void LearnsFromARealCorpusWhatANaiveTrainerLearns()
    {
        var path = SharedData.Find("tokenizers/bpe-training/corpus.en");
        Assert.SkipWhen(path is null, "shared data absent");
        var counter = new PieceCounter(new PublishedSplitter(SplitPattern.Gpt2), threads: 2);
        counter.Add([new("1", File.ReadAllText(path!))], TestContext.Current.CancellationToken);
        Same(counter.Total(), MergeTies.Greater, merges: 244);
    }

    [Fact]
    public void TheExampleOfMinbpe()
    {
        var vocabulary = TestVocabulary.Train("aaabdaaabac", 256 + 3);
        new BytePairTokenizer(vocabulary).Encode("aaabdaaabac").ShouldBe([258, 'd', 258, 'a', 'c']);
    }

    [Fact]
    public void TiesGoAsTheOptionSays()
    {
        var pieces = Counted(("ab", 1), ("zy", 1), ("za", 1));
        new BytePairTrainer(pieces, MergeTies.Greater).Next().ShouldBe(new Merge(new('z', 'y'), 256, 0));
        new BytePairTrainer(pieces, MergeTies.SmallerId).Next().ShouldBe(new Merge(new('a', 'b'), 256, 0));
    }

    [Fact]
    public void CountsMayPass32Bits()
    {
        var trainer = new BytePairTrainer(Counted(("ab", 3_000_000_000), ("cd", 2_999_999_999), ("cde", 2)), MergeTies.Greater);
        trainer.Next()!.Value.Pair.ShouldBe(new TokenPair('c', 'd'));
        trainer.TextTokens.ShouldBe(6_000_000_000 + 2_999_999_999 + 4);
    }

    [Fact]
    public void AThreadMoreChangesNothing()
    {
        var pieces = Counted(("abcabc", 3), ("cab", 2), ("bca", 5), ("x", 7));
        var (one, three) = (new BytePairTrainer(pieces, MergeTies.Greater), new BytePairTrainer(pieces, MergeTies.Greater, threads: 3));
        while (one.Next() is { } merge)
        {
            three.Next().ShouldBe(merge);
        }

        three.Next().ShouldBeNull();
    }

    [Fact]
    public void MergesThatWereLearnedCanBeRepeated()
    {
        var pieces = Counted(("abcabc", 3), ("cab", 2), ("bca", 5));
        var (first, second) = (new BytePairTrainer(pieces, MergeTies.Greater), new BytePairTrainer(pieces, MergeTies.Greater));
        for (var i = 0; i < 3; i++)
        {
            var merge = first.Next()!.Value;
            second.Repeat(merge.Pair).ShouldBe(merge);
        }

        second.TextTokens.ShouldBe(first.TextTokens);
        second.Next().ShouldBe(first.Next());
        Should.Throw<InvalidDataException>(() => second.Repeat(new('x', 'y'))).Message.ShouldContain("120 121");
    }

    private static PieceCounts Counted(params (string Piece, long Count)[] pieces)
    {
        var table = new PieceTable();
        foreach (var (piece, count) in pieces)
        {
            table.Add(Encoding.UTF8.GetBytes(piece), count);
        }

        return PieceCounts.All(table.Sorted());
    }

    private static void Same(PieceCounts pieces, MergeTies ties, int merges)
    {
        var naive = new NaiveTrainer(pieces, ties);
        var trainer = new BytePairTrainer(pieces, ties, threads: 3);
        for (var i = 0; i < merges; i++)
        {
            var expected = naive.Next();
            (trainer.Next()?.Pair).ShouldBe(expected, $"merge {i}");
            if (expected is null)
            {
                break;
            }
        }

        trainer.TextTokens.ShouldBe(naive.TextTokens, "tokens");
        trainer.Tokens.Select(token => Convert.ToHexString(token)).ShouldBeUnique();
    }

    /// <summary>A trainer that counts all pairs again for every merge.</summary>
    private sealed class NaiveTrainer(PieceCounts pieces, MergeTies ties)
    {
        private readonly List<(List<int> Ids, long Count)> _pieces =
            [.. Enumerable.Range(0, pieces.Count).Select(index => (pieces[index].ToArray().Select(value => (int)value).ToList(), pieces.Counts[index]))];
        private readonly List<string> _tokens = [.. Enumerable.Range(0, 256).Select(value => ((char)value).ToString())];

        public long TextTokens => _pieces.Sum(piece => piece.Ids.Count * piece.Count);

        public TokenPair? Next()
        {
            var counts = _pieces.SelectMany(piece => piece.Ids.Zip(piece.Ids.Skip(1), (left, right) => (Pair: new TokenPair(left, right), piece.Count)))
                .GroupBy(each => each.Pair, each => each.Count).Select(group => (Pair: group.Key, Count: group.Sum())).ToList();
            if (counts.Count == 0)
            {
                return null;
            }

            var most = counts.GroupBy(each => each.Count).MaxBy(group => group.Key)!.Select(each => each.Pair);
            var best = ties == MergeTies.SmallerId
                ? most.OrderBy(pair => pair.Left).ThenBy(pair => pair.Right).First()
                : most.OrderByDescending(pair => _tokens[pair.Left], StringComparer.Ordinal).ThenByDescending(pair => _tokens[pair.Right], StringComparer.Ordinal).First();
            var token = _tokens.Count;
            _tokens.Add(_tokens[best.Left] + _tokens[best.Right]);
            foreach (var (ids, _) in _pieces)
            {
                for (var i = 0; i + 1 < ids.Count; i++)
                {
                    if (ids[i] == best.Left && ids[i + 1] == best.Right)
                    {
                        ids[i] = token;
                        ids.RemoveAt(i + 1);
                    }
                }
            }

            return best;
        }
    }
}
