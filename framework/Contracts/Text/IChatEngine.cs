using System.ComponentModel.DataAnnotations;

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
    /// <param name="settings">How to sample the answer.</param>
    /// <param name="cancellationToken">Stops the answer.</param>
    /// <exception cref="InvalidDataException">The last message alone is longer than the model's context.</exception>
    /// <exception cref="OperationCanceledException">The answer was cancelled.</exception>
    IEnumerable<string> Reply(
        IReadOnlyList<Message> messages, ChatSettings settings, CancellationToken cancellationToken);
}

/// <summary>How to sample an answer.</summary>
public sealed record ChatSettings
{
    /// <summary>
    /// Divides the logits: below 1 sharper, above 1 flatter; 0 takes the likeliest token. Range: 0 to 10. Default: 0.7.
    /// </summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 0.7;

    /// <summary>Keeps only this many of the likeliest tokens. Default: 50.</summary>
    [Range(1, int.MaxValue)] public int? TopK { get; init; } = 50;

    /// <summary>
    /// Keeps only the likeliest tokens whose probabilities add up to this. Range: 0 to 1. Default: off.
    /// </summary>
    [Range(1e-6, 1.0)] public double? TopP { get; init; }

    /// <summary>
    /// Keeps only tokens that are at least this fraction as likely as the likeliest. Range: 0 to 1. Default: off.
    /// </summary>
    [Range(0.0, 1.0)] public double? MinP { get; init; }

    /// <summary>Above 1, tokens that already occurred become less likely. Range: 0.1 to 10. Default: off.</summary>
    [Range(0.1, 10.0)] public double? RepetitionPenalty { get; init; }

    /// <summary>Texts that end an answer; the answer is cut before them. Default: none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>The answer is cut off after this many tokens. Default: 256.</summary>
    [Range(1, int.MaxValue)] public int MaximumTokens { get; init; } = 256;

    /// <summary>The same seed and conversation give the same answer. Default: 0.</summary>
    public ulong Seed { get; init; }
}
