namespace Experiments.Contracts.Running;

/// <summary>Lets a long stage go on where it was broken off.</summary>
/// <remarks>A checkpoint is a folder; the newest complete one counts. What it holds must be enough to end with the same bytes as an undisturbed run.</remarks>
public interface ICheckpoints
{
    /// <summary>The newest complete checkpoint of this work, or null at a fresh start. Ask once, at the start.</summary>
    /// <remarks>Metrics recorded after that checkpoint are forgotten: the stage records them again.</remarks>
    StoredCheckpoint? Latest { get; }

    /// <summary>Saves a checkpoint when one is due by the recipe's <c>run: checkpoint:</c>, or when the run is being interrupted.</summary>
    /// <param name="step">The steps done.</param>
    /// <param name="write">Writes the state into the folder that it is given.</param>
    /// <exception cref="OperationCanceledException">The run is being interrupted; the state was saved.</exception>
    void SaveIfDue(long step, Action<string> write);
}

/// <summary>A complete checkpoint.</summary>
/// <param name="Step">The steps done.</param>
/// <param name="Folder">Holds what was written.</param>
public sealed record StoredCheckpoint(long Step, string Folder);
