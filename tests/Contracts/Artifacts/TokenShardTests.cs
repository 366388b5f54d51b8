using Experiments.Contracts.Artifacts;
using Experiments.Testing;

namespace Experiments.Contracts.Tests.Artifacts;

public sealed class TokenShardTests : IDisposable
{
    private readonly StageBench _bench = new();

    private string FilePath => Path.Combine(_bench.Folder("shards"), TokenShards.FileName(TokenShards.Train, 0));

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(1 << 16, 2, 65_535)]
    [InlineData((1 << 16) + 1, 4, 65_536)]
    [InlineData(300_000, 4, 299_999)]
    public void WhatWasWrittenIsRead(int vocabularySize, int width, int largest)
    {
        using (var writer = new TokenShardWriter(FilePath, vocabularySize))
        {
            writer.Write([0, 5, largest], 7);
            writer.Write([0], 0);
            writer.Write([0, 9, 9, 9, 1], 12);
            writer.Count.ShouldBe(9);
        }

        using var shard = TokenShard.Open(FilePath);
        (shard.Width, shard.Count, shard.DocumentCount, shard.TextBytes).ShouldBe((width, 9, 3, 19));
        Enumerable.Range(0, 3).Select(document => shard.DocumentStart(document)).ShouldBe([0, 3, 4]);
        var tokens = new long[9];
        shard.Read(0, tokens);
        tokens.ShouldBe([0, 5, largest, 0, 0, 9, 9, 9, 1]);
        var part = new long[2];
        shard.Read(4, part);
        part.ShouldBe([0, 9]);
    }

    [Fact]
    public void ATokenTooLargeForTheWidthIsAnError()
    {
        using var writer = new TokenShardWriter(FilePath, 100);
        Should.Throw<OverflowException>(() => writer.Write([65_536], 1));
    }

    [Fact]
    public void AnEmptyShardOpens()
    {
        new TokenShardWriter(FilePath, 100).Dispose();
        using var shard = TokenShard.Open(FilePath);
        (shard.Count, shard.DocumentCount).ShouldBe((0, 0));
    }

    [Fact]
    public void ReadingBeyondTheEndIsAnError()
    {
        WriteOne();
        using var shard = TokenShard.Open(FilePath);
        Should.Throw<ArgumentOutOfRangeException>(() => shard.Read(2, new long[2]));
        Should.Throw<ArgumentOutOfRangeException>(() => shard.Read(-1, new long[1]));
        Should.Throw<ArgumentOutOfRangeException>(() => shard.DocumentStart(1));
        Should.Throw<ArgumentOutOfRangeException>(() => shard.DocumentStart(-1));
    }

    [Fact]
    public void AFileCutOffAnywhereIsRefused()
    {
        WriteOne();
        var whole = File.ReadAllBytes(FilePath);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Should.Throw<InvalidDataException>(() => TokenShard.Open(FilePath)).Message.ShouldStartWith(FilePath);
        }
    }

    [Fact]
    public void AnotherFileIsRefused()
    {
        File.WriteAllBytes(FilePath, new byte[64]);
        Should.Throw<InvalidDataException>(() => TokenShard.Open(FilePath));
    }

    [Fact]
    public void ASplitOpensItsShardsInOrder()
    {
        foreach (var (name, shard) in ((string, int)[])[(TokenShards.Train, 1), (TokenShards.Train, 0), (TokenShards.Validation, 0)])
        {
            using var writer = new TokenShardWriter(Path.Combine(_bench.Folder("shards"), TokenShards.FileName(name, shard)), 100);
            writer.Write(new int[shard + 1], 1);
        }

        var shards = new TokenShards(_bench.Folder("shards"));
        var train = shards.Open(TokenShards.Train);
        train.Select(shard => shard.Count).ShouldBe([1, 2]);
        Should.Throw<InvalidDataException>(() => shards.Open("test")).Message.ShouldContain("no test-*.tokens");
        foreach (var shard in train)
        {
            shard.Dispose();
        }
    }

    private void WriteOne()
    {
        using var writer = new TokenShardWriter(FilePath, 100);
        writer.Write([0, 1, 2], 2);
    }
}
