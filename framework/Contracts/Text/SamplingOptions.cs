using System.ComponentModel.DataAnnotations;

namespace Experiments.Contracts.Text;

/// <summary>How the next token is chosen. The order: repetition penalty, temperature, min-p, top-k, top-p.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits: below 1 sharper, above 1 flatter; 0 takes the likeliest token (greedy). Range: 0 to 10. Default: 1.</summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 1;

    /// <summary>Only the likeliest so many tokens stay (Fan et al. 2018). Default: off.</summary>
    [Range(1, int.MaxValue)] public int? TopK { get; init; }

    /// <summary>Only the likeliest tokens that together reach this share stay (nucleus sampling, Holtzman et al. 2019). Range: 0 to 1. Default: off.</summary>
    [Range(1e-6, 1.0)] public double? TopP { get; init; }

    /// <summary>Only tokens at least this many times as likely as the likeliest stay (Nguyen et al. 2024). Range: 0 to 1. Default: off.</summary>
    [Range(0.0, 1.0)] public double? MinP { get; init; }

    /// <summary>
    /// Logits of tokens that occurred before, in the prompt too, are divided by this where they are positive and multiplied where not (CTRL, Keskar et al. 2019): above 1 they become less
    /// likely. Range: 0.1 to 10. Default: off.
    /// </summary>
    [Range(0.1, 10.0)] public double? RepetitionPenalty { get; init; }

    /// <summary>Texts that end a completion; its text stops in front of them. They may begin in the middle of a token. Default: none.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>For how many of the likeliest tokens the model's log-probabilities are kept at each token. Range: 1 to 100. Default: off.</summary>
    [Range(1, 100)] public int? Alternatives { get; init; }

    /// <summary>Tokens after which a completion is cut off. Default: 64.</summary>
    [Range(1, int.MaxValue)] public int MaximumTokens { get; init; } = 64;

    /// <summary>How a conversation is sampled unless its user says otherwise: temperature 0.7, the 50 likeliest tokens, answers of up to 256 tokens.</summary>
    public static SamplingOptions Conversation { get; } = new() { Temperature = 0.7, TopK = 50, MaximumTokens = 256 };
}
