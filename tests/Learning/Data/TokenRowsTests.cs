using Experiments.Contracts.Artifacts;
using Experiments.Learning.Data;
using Experiments.Testing;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Data;

public sealed class TokenRowsTests : IDisposable
{
    private const int Start = 99;
    private readonly StageBench _bench = new();

    [Fact]
    public void PackingKeepsEveryTokenAndEveryBeginning()
    {
        int[] lengths = [.. Enumerable.Range(0, 300).Select(i => 1 + (i * 37 % 23)), 64, 40];
        using var rows = new PackedDocuments(Shards(lengths), TokenShards.Train, length: 16, Start, keepsApart: true, seed: 1);
        List<(long Input, long Target)> pairs = [];
        for (var row = 0; row < rows.Count; row++)
        {
            using var scope = NewDisposeScope();
            var batch = rows.Read([row]);
            var (inputs, targets, documents) = (Values(batch.Inputs), Values(batch.Targets), Values(batch.Documents!));
            targets.Count(target => target >= 0).ShouldBe(rows.Learned(row));
            for (var i = 0; i < inputs.Length; i++)
            {
                if (targets[i] >= 0)
                {
                    pairs.Add((inputs[i], targets[i]));
                    var continues = i + 1 < inputs.Length && documents[i + 1] == documents[i];
                    (continues ? inputs[i + 1] : targets[i]).ShouldBe(targets[i]);
                }
            }
        }

        // Token d·1000 + i is the i-th token of document d. The last token is followed by the beginning of the next
        // document.
        var expected = lengths.SelectMany((length, d) => Enumerable.Range(0, length).Select(i => (Id(d, i), i + 1 < length ? Id(d, i + 1) : Start)));
        pairs.Order().ShouldBe(expected.Order());
        rows.PaddedShare.ShouldBeLessThan(0.05);
        rows.Count.ShouldBeLessThan((int)(lengths.Sum() / 16 * 1.06) + 1);
    }

    [Fact]
    public void AnotherSeedPacksOtherDocumentsTogether()
    {
        var shards = Shards([.. Enumerable.Range(0, 40).Select(i => 3 + (i % 5))]);
        First(1).ShouldBe(First(1));
        First(2).ShouldNotBe(First(1));

        long[] First(ulong seed)
        {
            using var rows = new PackedDocuments(shards, TokenShards.Train, 16, Start, keepsApart: false, seed);
            var batch = rows.Read([0]);
            batch.Documents.ShouldBeNull();
            return Values(batch.Inputs);
        }
    }

    [Fact]
    public void WindowsNumberTheirDocuments()
    {
        using var rows = new TokenWindows(Shards([5, 3, 20]), TokenShards.Train, 6, documentStart: Start);
        var batch = rows.Read([0, 1]);
        Values(batch.Documents!).ShouldBe([1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3]);
        batch.HasPadding.ShouldBeFalse();
    }

    public void Dispose() => _bench.Dispose();

    private static long Id(int document, int place) => place == 0 ? Start : (document * 100) + 100 + place;

    private static long[] Values(Tensor tensor) => tensor.data<long>().ToArray();

    private TokenShards Shards(int[] lengths)
    {
        var folder = _bench.Folder("tokens");
        using var writer = new TokenShardWriter(Path.Combine(folder, TokenShards.FileName(TokenShards.Train, 0)), vocabularySize: 100_000);
        foreach (var (document, length) in lengths.Index())
        {
            writer.Write([.. Enumerable.Range(0, length).Select(i => (int)Id(document, i))], length);
        }

        return new TokenShards(folder);
    }
}
