using Experiments.Contracts;

namespace Experiments.Plugins.Tokenizers.Tests.BytePair;

public sealed class PieceEncoderTests
{
    private static readonly int[] Bytes = [.. Enumerable.Range(0, 256)];
    private static readonly byte[][] ByteTokens = [.. Enumerable.Range(0, 256).Select(value => (byte[])[(byte)value])];

    [Fact]
    public void FindsWhatTheMergesOfATrainedVocabularyComeTo()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new RandomStream(1, "trained", seed);
            var alphabet = "abcdé"[..random.Next(1, 6)];
            var text = string.Concat(Enumerable.Range(0, 400).Select(_ => alphabet[random.Next(alphabet.Length)]));
            var vocabulary = TestVocabulary.Train(text, random.Next(257, 420));
            Compare(vocabulary.Tokens, vocabulary.Merges, alphabet, ref random).ShouldBeTrue("a trained vocabulary has an order");
        }
    }

    [Fact]
    public void FindsWhatAnyMergesComeTo()
    {
        var ordered = 0;
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new RandomStream(1, "any", seed);
            var (tokens, merges) = RandomMerges(ref random);
            ordered += Compare(tokens, merges, "abc", ref random) ? 1 : 0;
        }

        ordered.ShouldBeInRange(500, 1_999, "some of these vocabularies have no order, and most have one");
    }

    [Fact]
    public void AListOfAllWaysToMakeATokenComesToOneWay()
    {
        // As in files converted from tiktoken's: abc is made from ab + c, and a + bc is first in the list although bc
        // is made later.
        byte[][] tokens = [.. ByteTokens, "ab"u8.ToArray(), "abc"u8.ToArray(), "bc"u8.ToArray()];
        var order = MergeOrder.Of(tokens, [new(new('a', 'b'), 256, 0), new(new('a', 258), 257, 1), new(new(256, 'c'), 257, 2), new(new('b', 'c'), 258, 3)]);
        order.ShouldNotBeNull().Merges.Select(merge => merge.Pair).ShouldBe([new('a', 'b'), new(256, 'c'), new('b', 'c')]);
    }

    [Fact]
    public void AMergeBeforeItsPartsHasNoOrder()
    {
        byte[][] tokens = [.. ByteTokens, "abc"u8.ToArray(), "ab"u8.ToArray()];
        MergeOrder.Of(tokens, [new(new(257, 'c'), 256, 0), new(new('a', 'b'), 257, 1)]).ShouldBeNull();
    }

    /// <summary>
    /// Tokens of up to six letters. Each is made from two earlier tokens, or twice from one, in a random order of
    /// ranks.
    /// </summary>
    private static (byte[][] Tokens, List<Merge> Merges) RandomMerges(ref RandomStream random)
    {
        List<byte[]> tokens = [.. ByteTokens];
        List<int> usable = ['a', 'b', 'c'];
        List<Merge> merges = [];
        for (var left = random.Next(1, 25); left > 0; left--)
        {
            var pair = new TokenPair(random.Pick(usable), random.Pick(usable));
            byte[] bytes = [.. tokens[pair.Left], .. tokens[pair.Right]];
            if (bytes.Length > 6 || merges.Exists(merge => merge.Pair == pair))
            {
                continue;
            }

            var token = tokens.FindIndex(each => each.SequenceEqual(bytes));
            if (token < 0)
            {
                token = tokens.Count;
                tokens.Add(bytes);
                usable.Add(token);
            }

            merges.Add(new(pair, token, 0));
        }

        if (random.Next(4) == 0 && merges.Count > 1)
        {
            var (first, second) = (random.Next(merges.Count), random.Next(merges.Count));
            (merges[first], merges[second]) = (merges[second], merges[first]);
        }

        return ([.. tokens], [.. merges.Select((merge, rank) => merge with { Rank = rank })]);
    }

    private static bool Compare(IReadOnlyList<byte[]> tokens, IReadOnlyList<Merge> merges, string alphabet, ref RandomStream random)
    {
        if (MergeOrder.Of(tokens, merges) is not { } order)
        {
            return false;
        }

        var encoder = new PieceEncoder(order, Bytes);
        var merger = new PieceMerger(Bytes, merges);
        for (var i = 0; i < 200; i++)
        {
            var letters = new char[random.Next(1, random.Next(10) == 0 ? 200 : 20)];
            foreach (ref var letter in letters.AsSpan())
            {
                letter = alphabet[random.Next(alphabet.Length)];
            }

            var piece = System.Text.Encoding.UTF8.GetBytes(letters);
            var ids = new TokenBuffer();
            encoder.Append(piece, ids);
            ids.Ids.ToArray().ShouldBe([.. merger.Merge(piece)], $"{new string(letters)} by {string.Join(' ', merges)}");
        }

        return true;
    }
}
