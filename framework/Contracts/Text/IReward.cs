namespace Experiments.Contracts.Text;

/// <summary>Scores an answer to a problem. A verifier is a reward that knows the truth.</summary>
/// <remarks>Called from several threads at once. Failure rule: an answer that cannot be read scores low; it never throws.</remarks>
[PluginKind("reward")]
public interface IReward
{
    /// <summary>Scores one answer.</summary>
    /// <param name="problem">The problem with its true answer.</param>
    /// <param name="answer">What the model wrote, without control tokens.</param>
    /// <param name="stopped">Whether it ended its turn itself, within the token limit.</param>
    /// <returns>Higher is better; verifiers use 0 to 1.</returns>
    double Score(Problem problem, string answer, bool stopped);
}
