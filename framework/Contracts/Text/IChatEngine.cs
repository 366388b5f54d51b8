namespace Experiments.Contracts.Text;

/// <summary>Opens a trained model for a conversation.</summary>
[PluginKind("chat-engine")]
public interface IChatEngine
{
    /// <summary>Loads a checkpoint.</summary>
    /// <param name="checkpointFolder">The folder of a Checkpoint artifact.</param>
    /// <param name="plugins">Creates the model and opens its tokenizer.</param>
    /// <param name="threads">Number of threads that it may use, at least 1.</param>
    /// <exception cref="InvalidDataException">
    /// The checkpoint is damaged, or its tokenizer has no chat tokens. The message names the file.
    /// </exception>
    IChatSession Open(string checkpointFolder, IPluginSource plugins, int threads);
}

/// <summary>A loaded model that answers, one reply at a time.</summary>
public interface IChatSession : IDisposable
{
    /// <summary>
    /// Number of oldest messages that the last reply did not see, because the conversation is longer than the model's
    /// context. A system message is always seen.
    /// </summary>
    int ForgottenMessages { get; }

    /// <summary>Answers the conversation, in pieces as the model writes them. No piece splits a character.</summary>
    /// <param name="messages">The conversation so far; the last message is the user's.</param>
    /// <param name="sampling">How to sample the answer.</param>
    /// <param name="seed">The same seed and conversation give the same answer.</param>
    /// <param name="cancellationToken">Stops the answer.</param>
    /// <exception cref="InvalidDataException">The last message alone is longer than the model's context.</exception>
    /// <exception cref="OperationCanceledException">The answer was cancelled.</exception>
    IEnumerable<string> Reply(
        IReadOnlyList<Message> messages, SamplingOptions sampling, ulong seed, CancellationToken cancellationToken);
}
