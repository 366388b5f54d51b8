using System.Runtime.InteropServices;
using System.Text.Json;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>How far a training is: what a checkpoint holds beside the pieces.</summary>
internal sealed record TrainingState
{
    private const string StateFile = "training.json";
    private const string MergesFile = "merges.bin";

    /// <summary>Where reading goes on.</summary>
    public DocumentCursor Cursor { get; set; }

    /// <summary>Documents counted.</summary>
    public long Documents { get; set; }

    /// <summary>UTF-16 units counted.</summary>
    public long Characters { get; set; }

    /// <summary>Time spent counting.</summary>
    public double CountingSeconds { get; set; }

    /// <summary>What all pieces come to; null while counting.</summary>
    public PieceTotals? Totals { get; set; }

    /// <summary>Time spent merging.</summary>
    public double MergingSeconds { get; set; }

    /// <summary>The merges so far, kept in a file of their own as pairs of 32-bit ids.</summary>
    internal List<TokenPair> Merges { get; private init; } = [];

    /// <summary>Writes the state into a folder.</summary>
    public void Save(string folder)
    {
        File.WriteAllText(Path.Combine(folder, StateFile), JsonSerializer.Serialize(this));
        File.WriteAllBytes(Path.Combine(folder, MergesFile), MemoryMarshal.AsBytes<TokenPair>(CollectionsMarshal.AsSpan(Merges)));
    }

    /// <summary>Reads the state that was written into a folder.</summary>
    public static TrainingState Load(string folder)
    {
        var state = JsonSerializer.Deserialize<TrainingState>(File.ReadAllText(Path.Combine(folder, StateFile)))
            ?? throw new InvalidDataException($"{folder}: {StateFile} holds no state. Delete the checkpoint and run again.");
        return state with { Merges = [.. MemoryMarshal.Cast<byte, TokenPair>(File.ReadAllBytes(Path.Combine(folder, MergesFile)))] };
    }
}
