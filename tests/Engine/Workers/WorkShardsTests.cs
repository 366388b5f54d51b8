using Experiments.Contracts.Running;
using Experiments.Engine.Workers;
using Microsoft.Extensions.Time.Testing;

namespace Experiments.Engine.Tests.Workers;

public sealed class WorkShardsTests : TemporaryFolder
{
    private readonly StringWriter _host = new();
    private readonly List<int> _done = [];

    private string Pieces => Path.Combine(Folder, "shards");

    [Fact]
    public void EveryPieceIsDoneOnceAndInOrder()
    {
        var folders = Shards(CancellationToken.None).Complete(3, Work);

        _done.ShouldBe([0, 1, 2]);
        folders.Select(folder => File.ReadAllText(Path.Combine(folder, "piece"))).ShouldBe(["piece 0", "piece 1", "piece 2"]);
    }

    [Fact]
    public void WhatAnEarlierAttemptFinishedIsNotDoneAgain()
    {
        using var interruption = new CancellationTokenSource();
        Should.Throw<OperationCanceledException>(() => Shards(interruption.Token).Complete(3, (piece, folder) =>
        {
            Work(piece, folder);
            interruption.Cancel();
        }));

        Shards(CancellationToken.None).Complete(3, Work);

        _done.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void ADamagedPieceIsDoneAgain()
    {
        var folders = Shards(CancellationToken.None).Complete(2, Work);
        File.WriteAllText(Path.Combine(folders[1], "piece"), "piece l");

        Shards(CancellationToken.None).Complete(2, Work);

        _done.ShouldBe([0, 1, 1]);
        File.ReadAllText(Path.Combine(folders[1], "piece")).ShouldBe("piece 1");
    }

    [Fact]
    public void AWorkerThatOnlyDoesPiecesLeavesThoseThatOthersClaimed()
    {
        Should.Throw<WorkShards.PiecesDoneException>(() => Shards(CancellationToken.None, onlyPieces: true).Complete(2, (piece, folder) =>
        {
            Work(piece, folder);
            if (piece == 0)
            {
                Should.Throw<WorkShards.PiecesDoneException>(() => Shards(CancellationToken.None, onlyPieces: true).Complete(2, Work)); // another worker, at the same time
            }
        }));

        _done.ShouldBe([0, 1]);
    }

    [Fact]
    public void TheClaimOfADeadWorkerIsForgottenByTheNextAttempt()
    {
        Should.Throw<InvalidOperationException>(() => Shards(CancellationToken.None, onlyPieces: true).Complete(1, (_, _) => throw new InvalidOperationException("killed")));
        Should.Throw<WorkShards.PiecesDoneException>(() => Shards(CancellationToken.None, onlyPieces: true).Complete(1, Work));
        _done.ShouldBeEmpty(); // it is claimed

        WorkShards.DropClaims(Pieces);
        Should.Throw<WorkShards.PiecesDoneException>(() => Shards(CancellationToken.None, onlyPieces: true).Complete(1, Work));

        _done.ShouldBe([0]);
    }

    [Fact]
    public void TheAttemptItselfDoesWhatADeadWorkerClaimed()
    {
        var worker = Shards(CancellationToken.None, onlyPieces: true);
        Should.Throw<InvalidOperationException>(() => worker.Complete(2, (_, _) => throw new InvalidOperationException("killed")));

        Shards(CancellationToken.None).Complete(2, Work);

        _done.ShouldBe([0, 1]);
    }

    private IShards Shards(CancellationToken interruption, bool onlyPieces = false) =>
        new WorkShards(Pieces, onlyPieces, new WorkerChannel(_host, new FakeTimeProvider()), interruption);

    private void Work(int piece, string folder)
    {
        _done.Add(piece);
        File.WriteAllText(Path.Combine(folder, "piece"), $"piece {piece}");
    }
}
