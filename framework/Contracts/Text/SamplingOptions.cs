using System.ComponentModel.DataAnnotations;

namespace Experiments.Contracts.Text;

/// <summary>
/// How the next token is chosen. Settings are applied in this order: repetition penalty, temperature, min-p, top-k,
/// top-p.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>
    /// Divides the logits: below 1 sharper, above 1 flatter; 0 takes the likeliest token (greedy). Range: 0 to 10.
    /// Default: 1.
    /// </summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 1;

    /// <summary>Keeps only this many of the likeliest tokens (Fan et al. 2018). Default: off.</summary>
    [Range(1, int.MaxValue)] public int? TopK { get; init; }

    /// <summary>
    /// Keeps only the likeliest tokens whose probabilities add up to this (nucleus sampling, Holtzman et al. 2019).
    /// Range: 0 to 1. Default: off.
    /// </summary>
    [Range(1e-6, 1.0)] public double? TopP { get; init; }

    /// <summary>
    /// Keeps only tokens that are at least this fraction as likely as the likeliest (Nguyen et al. 2024). Range: 0 to
    /// 1. Default: off.
    /// </summary>
    [Range(0.0, 1.0)] public double? MinP { get; init; }

    /// <summary>
    /// Makes tokens that already occurred, also in the prompt, less likely if above 1: positive logits are divided by
    /// it, others are multiplied (CTRL, Keskar et al. 2019). Range: 0.1 to 10. Default: off.
    /// </summary>
    [Range(0.1, 10.0)] public double? RepetitionPenalty { get; init; }

    /// <summary>
    /// Texts that end a completion. The text is cut before them. They may begin in the middle of a token. Default:
    /// none.
    /// </summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>
    /// Number of likeliest tokens whose log-probabilities are recorded at each position. Range: 1 to 100. Default: off.
    /// </summary>
    [Range(1, 100)] public int? Alternatives { get; init; }

    /// <summary>The completion is cut off after this many tokens. Default: 64.</summary>
    [Range(1, int.MaxValue)] public int MaximumTokens { get; init; } = 64;

    /// <summary>
    /// The default settings of a conversation: temperature 0.7, the 50 likeliest tokens, answers of up to 256 tokens.
    /// </summary>
    public static SamplingOptions Conversation { get; } = new() { Temperature = 0.7, TopK = 50, MaximumTokens = 256 };
}
