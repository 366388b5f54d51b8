using System.ComponentModel.DataAnnotations;

namespace Experiments.Contracts.Text;

/// <summary>Opens a trained model for a conversation.</summary>
[PluginKind("chat-engine")]
public interface IChatEngine
{
    /// <summary>Loads a checkpoint.</summary>
    /// <param name="checkpointFolder">The folder of a Checkpoint artifact.</param>
    /// <param name="plugins">Makes the model and opens its tokenizer.</param>
    /// <param name="threads">Processor threads that it may keep busy, at least 1.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or its tokenizer has no chat tokens; the message names the file.</exception>
    IChatSession Open(string checkpointFolder, IPluginSource plugins, int threads);
}

/// <summary>A loaded model that answers. One reply at a time.</summary>
public interface IChatSession : IDisposable
{
    /// <summary>The oldest messages that the last reply did not see, because the conversation is longer than the model's context. A system message always stays.</summary>
    int ForgottenMessages { get; }

    /// <summary>Answers the conversation, piece by piece as the model writes. No piece splits a character.</summary>
    /// <param name="messages">The conversation so far; the last message is the user's.</param>
    /// <param name="settings">How the answer is drawn.</param>
    /// <param name="cancellationToken">Ends the answer where it is.</param>
    /// <exception cref="InvalidDataException">The last message alone is longer than the model's context.</exception>
    /// <exception cref="OperationCanceledException">The answer was cancelled.</exception>
    IEnumerable<string> Reply(IReadOnlyList<Message> messages, ChatSettings settings, CancellationToken cancellationToken);
}

/// <summary>How an answer is drawn.</summary>
public sealed record ChatSettings
{
    /// <summary>Below 1 sharper, above 1 flatter; 0 takes the likeliest token. Range: 0 to 10. Default: 0.7.</summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 0.7;

    /// <summary>Only the likeliest so many tokens stay. Default: 50.</summary>
    [Range(1, int.MaxValue)] public int? TopK { get; init; } = 50;

    /// <summary>Only the likeliest tokens that together reach this share stay. Range: 0 to 1. Default: off.</summary>
    [Range(1e-6, 1.0)] public double? TopP { get; init; }

    /// <summary>Only tokens at least this many times as likely as the likeliest stay. Range: 0 to 1. Default: off.</summary>
    [Range(0.0, 1.0)] public double? MinP { get; init; }

    /// <summary>Above 1, tokens that occurred before become less likely. Range: 0.1 to 10. Default: off.</summary>
    [Range(0.1, 10.0)] public double? RepetitionPenalty { get; init; }

    /// <summary>Texts in front of which an answer ends. Default: none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Tokens after which an answer is cut off. Default: 256.</summary>
    [Range(1, int.MaxValue)] public int MaximumTokens { get; init; } = 256;

    /// <summary>The same seed and conversation give the same answer. Default: 0.</summary>
    public ulong Seed { get; init; }
}
