using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>A run or a sweep that only this process uses.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="IsResumed">Whether an earlier one is resumed.</param>
/// <param name="Lease">The lease that keeps other processes away.</param>
public sealed record Opened<TFolder>(TFolder Folder, bool IsResumed, Lease Lease) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Lease.Dispose();
}
