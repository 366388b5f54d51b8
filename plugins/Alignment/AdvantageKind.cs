namespace Experiments.Plugins.Alignment;

/// <summary>How the rewards of the answers to a prompt become advantages.</summary>
public enum AdvantageKind
{
    /// <summary>
    /// (reward - mean) / standard deviation of the group (Shao et al. 2024). The standard deviation is the unbiased
    /// one, as in TRL.
    /// </summary>
    Grpo,

    /// <summary>
    /// reward - mean of the group (Liu et al. 2025). Unlike the division by the standard deviation, this does not
    /// favour very easy or very hard prompts.
    /// </summary>
    DrGrpo,
}
