namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Decides which of several equally frequent pairs is merged first.</summary>
public enum MergeTies
{
    /// <summary>The pair whose bytes are lexicographically greater, left part first (Stanford CS336).</summary>
    Greater,

    /// <summary>The pair with the smaller ids, left part first (rustbpe of nanochat).</summary>
    SmallerId,
}
