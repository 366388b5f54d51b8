namespace Experiments.Contracts.Running;

/// <summary>Spreads work over processes, if it consists of independent pieces: <c>run: { parallel: 4 }</c>.</summary>
/// <remarks>
/// A stage that supports this is marked <c>[Plugin("name", IsSharded = true)]</c>. Its output must not depend on
/// whether the work is spread.
/// </remarks>
public interface IShards
{
    /// <summary>Has every piece done once, in this or another process. Finished pieces survive interruptions.</summary>
    /// <param name="count">The number of pieces. It must depend only on inputs and options.</param>
    /// <param name="work">Does one piece. It gets the number of the piece and an empty folder to write to.</param>
    /// <returns>
    /// The folders of the pieces, in order. In a process that only does pieces, the call does not return.
    /// </returns>
    IReadOnlyList<string> Complete(int count, Action<int, string> work);
}
