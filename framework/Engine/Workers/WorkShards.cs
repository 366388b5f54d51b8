using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// The pieces of one stage's work, a sealed folder each, beside the attempts at its key: what one attempt finished, the next need not do again.
/// Several processes share them out by claims, files that only one can create.
/// </summary>
/// <param name="folder">Holds the pieces.</param>
/// <param name="onlyPieces">Whether this process does nothing but pieces: it takes those that no other has claimed, and ends.</param>
/// <param name="channel">Tells the host of each piece.</param>
/// <param name="interruption">Ends the work before the next piece.</param>
public sealed class WorkShards(string folder, bool onlyPieces, WorkerChannel channel, CancellationToken interruption) : IShards
{
    private const string Claim = ".claim";

    /// <summary>Forgets the claims of processes that are gone. Only the lease's holder may.</summary>
    public static void DropClaims(string folder)
    {
        foreach (var claim in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + Claim) : [])
        {
            File.Delete(claim);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Complete(int count, Action<int, string> work)
    {
        Directory.CreateDirectory(folder);
        string[] pieces = [.. Enumerable.Range(0, count).Select(piece => Path.Combine(folder, piece.ToString("D6", CultureInfo.InvariantCulture)))];
        foreach (var (number, piece) in pieces.Index())
        {
            if (!IsDone(piece) && (!onlyPieces || TryClaim(piece)))
            {
                interruption.ThrowIfCancellationRequested();
                SealedFolder.Write(piece, into => work(number, into));
            }

            channel.Send(new ShardDone(pieces.Count(Directory.Exists), count));
        }

        return onlyPieces ? throw new PiecesDoneException() : pieces;
    }

    private bool IsDone(string piece)
    {
        if (!Directory.Exists(piece))
        {
            return false;
        }

        if (!onlyPieces && SealedFolder.Open(piece) is null)
        {
            DurableFiles.Remove(piece);
            return false;
        }

        return true;
    }

    private static bool TryClaim(string piece)
    {
        try
        {
            using var claim = new FileStream(piece + Claim, FileMode.CreateNew);
            return true;
        }
        catch (IOException) when (File.Exists(piece + Claim))
        {
            return false;
        }
    }

    /// <summary>Ends a process that does pieces only, when none is left.</summary>
    public sealed class PiecesDoneException : Exception;
}
