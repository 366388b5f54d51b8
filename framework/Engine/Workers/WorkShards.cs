using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Workers;

/// <summary>
/// The pieces of one stage's work. Each piece is a sealed folder, and all attempts at the key share them, so that a
/// piece is done only once. Processes divide the pieces by claims: files that only one process can create.
/// </summary>
/// <param name="folder">The folder of the pieces.</param>
/// <param name="onlyPieces">Whether this process only does pieces: it does the pieces that no other process has
/// claimed, then ends.</param>
/// <param name="channel">Reports each piece to the host.</param>
/// <param name="interruption">Stops the work before the next piece.</param>
public sealed class WorkShards(string folder, bool onlyPieces, WorkerChannel channel, CancellationToken interruption) : IShards
{
    private const string Claim = ".claim";

    /// <summary>Removes the claims of processes that are gone. Only the holder of the lease may call it.</summary>
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

    /// <summary>Ends a process that only does pieces, when no pieces are left.</summary>
    public sealed class PiecesDoneException : Exception;
}
