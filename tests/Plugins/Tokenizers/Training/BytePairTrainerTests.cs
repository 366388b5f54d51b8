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
            var alphabet = "abcdé"[..random.Next(1, 6)];
            var pieces = new Dictionary<byte[], long>(ByteStrings.Equality);
            for (var left = random.Next(1, 60); left > 0; left--)
            {
                var piece = string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => alphabet[random.Next(alphabet.Length)]));
                pieces[Encoding.UTF8.GetBytes(piece)] = random.Next(1, 4);
            }

            Same(pieces, ties, merges: 200);
        }
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
        var pieces = Counts(("ab", 1), ("zy", 1), ("za", 1));
        new BytePairTrainer(pieces, MergeTies.Greater).Next().ShouldBe(new Merge(new('z', 'y'), 256, 0));
        new BytePairTrainer(pieces, MergeTies.SmallerId).Next().ShouldBe(new Merge(new('a', 'b'), 256, 0));
    }

    [Fact]
    public void CountsMayPass32Bits()
    {
        var trainer = new BytePairTrainer(Counts(("ab", 3_000_000_000), ("cd", 2_999_999_999), ("cde", 2)), MergeTies.Greater);
        trainer.Next()!.Value.Pair.ShouldBe(new TokenPair('c', 'd'));
        trainer.TextTokens.ShouldBe(6_000_000_000 + 2_999_999_999 + 4);
    }

    private static Dictionary<byte[], long> Counts(params (string Piece, long Count)[] pieces) =>
        pieces.ToDictionary(piece => Encoding.UTF8.GetBytes(piece.Piece), piece => piece.Count, ByteStrings.Equality);

    private static void Same(IReadOnlyDictionary<byte[], long> pieces, MergeTies ties, int merges)
    {
        var naive = new NaiveTrainer(pieces, ties);
        var trainer = new BytePairTrainer(pieces, ties);
        for (var i = 0; i < merges; i++)
        {
            var expected = naive.Next();
            (trainer.Next()?.Pair).ShouldBe(expected, $"merge {i}");
            if (expected is null)
            {
                break;
            }
        }

        trainer.TextTokens.ShouldBe(naive.TextTokens);
        trainer.Tokens.Select(token => Convert.ToHexString(token)).ShouldBeUnique();
    }

    /// <summary>Counts all pairs anew for every merge.</summary>
    private sealed class NaiveTrainer(IReadOnlyDictionary<byte[], long> pieces, MergeTies ties)
    {
        private readonly List<(List<int> Ids, long Count)> _pieces = [.. pieces.Select(piece => (piece.Key.Select(value => (int)value).ToList(), piece.Value))];
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
