using System.Runtime.InteropServices;
using System.Text.Json;
using Experiments.Plugins.Tokenizers.BytePair;

namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>The progress of a training: the contents of a checkpoint, except for the pieces.</summary>
internal sealed record TrainingState
{
    private const string StateFile = "training.json";
    private const string MergesFile = "merges.bin";

    /// <summary>The place at which reading continues.</summary>
    public DocumentCursor Cursor { get; set; }

    /// <summary>Number of documents counted so far.</summary>
    public long Documents { get; set; }

    /// <summary>Length of the text counted so far. Unit: UTF-16 units.</summary>
    public long Characters { get; set; }

    /// <summary>Time spent counting. Unit: seconds.</summary>
    public double CountingSeconds { get; set; }

    /// <summary>Totals over all pieces; null while counting.</summary>
    public PieceTotals? Totals { get; set; }

    /// <summary>Time spent merging. Unit: seconds.</summary>
    public double MergingSeconds { get; set; }

    /// <summary>The merges so far. They are saved in a separate file, as pairs of 32-bit ids.</summary>
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
            ?? throw new InvalidDataException($"{folder}: {StateFile} is empty. Delete the checkpoint and run again.");
        return state with { Merges = [.. MemoryMarshal.Cast<byte, TokenPair>(File.ReadAllBytes(Path.Combine(folder, MergesFile)))] };
    }
}
