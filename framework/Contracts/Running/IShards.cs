namespace Experiments.Contracts.Running;

/// <summary>Spreads work over processes, when it falls into pieces that need nothing of each other: <c>run: { parallel: 4 }</c>.</summary>
/// <remarks>A stage that offers it says so: <c>[Plugin("name", IsSharded = true)]</c>. Its output must not depend on whether it is used.</remarks>
public interface IShards
{
    /// <summary>Has every piece done once, in this process or in others, and keeps what is done through interruptions.</summary>
    /// <param name="count">The number of pieces: it follows from inputs and options alone.</param>
    /// <param name="work">Does a piece: it gets the piece's number and the empty folder that it writes into.</param>
    /// <returns>The pieces' folders, in order. In a process that only does pieces the call does not return.</returns>
    IReadOnlyList<string> Complete(int count, Action<int, string> work);
}
