using System.ComponentModel.DataAnnotations;

namespace Experiments.Learning;

/// <summary>How the next token is chosen.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits: below 1 sharper, above 1 flatter; 0 takes the likeliest token (greedy). Range: 0 to 10. Default: 1.</summary>
    [Range(0.0, 10.0)] public double Temperature { get; init; } = 1;

    /// <summary>Only the likeliest so many tokens stay (Fan et al. 2018). Default: off.</summary>
    [Range(1, int.MaxValue)] public int? TopK { get; init; }

    /// <summary>Only the likeliest tokens that together reach this share stay (nucleus sampling, Holtzman et al. 2019). Range: 0 to 1. Default: off.</summary>
    [Range(1e-6, 1.0)] public double? TopP { get; init; }

    /// <summary>Tokens after which a completion is cut off. Default: 64.</summary>
    [Range(1, int.MaxValue)] public int MaximumTokens { get; init; } = 64;
}
