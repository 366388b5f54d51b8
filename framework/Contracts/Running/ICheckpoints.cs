namespace Experiments.Contracts.Running;

/// <summary>Lets a long stage resume after an interruption.</summary>
/// <remarks>
/// A checkpoint is a folder; the newest complete one is used. Its contents must be enough for a resumed run to end with
/// the same bytes as an uninterrupted one.
/// </remarks>
public interface ICheckpoints
{
    /// <summary>
    /// The newest complete checkpoint of this work, or null at a fresh start. Read it once, at the start.
    /// </summary>
    /// <remarks>Metrics recorded after that checkpoint are discarded; the stage records them again.</remarks>
    StoredCheckpoint? Latest { get; }

    /// <summary>
    /// Saves a checkpoint if one is due according to the recipe's <c>run: checkpoint:</c>, or if the run is being
    /// interrupted.
    /// </summary>
    /// <param name="step">The number of finished steps.</param>
    /// <param name="write">Writes the state into the given folder.</param>
    /// <exception cref="OperationCanceledException">The run is being interrupted; the state was saved.</exception>
    void SaveIfDue(long step, Action<string> write);
}

/// <summary>A complete checkpoint.</summary>
/// <param name="Step">The number of finished steps.</param>
/// <param name="Folder">The folder that was written.</param>
public sealed record StoredCheckpoint(long Step, string Folder);
