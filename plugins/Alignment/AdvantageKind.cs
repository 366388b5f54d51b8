namespace Experiments.Plugins.Alignment;

/// <summary>How a reward becomes an advantage over the other answers to the same prompt.</summary>
public enum AdvantageKind
{
    /// <summary>(reward - mean) / standard deviation of the group (Shao et al. 2024), the deviation unbiased as in TRL.</summary>
    Grpo,

    /// <summary>reward - mean, which favours neither easy nor hard prompts (Liu et al. 2025).</summary>
    DrGrpo,
}
