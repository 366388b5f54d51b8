namespace Experiments.Contracts.Text;

/// <summary>Scores an answer to a problem. A verifier is a reward that compares with the true answer.</summary>
/// <remarks>
/// Called from several threads at once. Failure rule: an unreadable answer gets a low score; never throw.
/// </remarks>
[PluginKind("reward")]
public interface IReward
{
    /// <summary>Scores one answer.</summary>
    /// <param name="problem">The problem with its true answer.</param>
    /// <param name="answer">What the model wrote, without control tokens.</param>
    /// <param name="stopped">Whether the model ended its turn itself, within the token limit.</param>
    /// <returns>Higher is better; verifiers use 0 to 1.</returns>
    double Score(Problem problem, string answer, bool stopped);
}
