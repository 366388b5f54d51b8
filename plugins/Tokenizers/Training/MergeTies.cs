namespace Experiments.Plugins.Tokenizers.Training;

/// <summary>Which of the pairs that occur equally often is merged first.</summary>
public enum MergeTies
{
    /// <summary>The one whose bytes are lexicographically greater, left part first (Stanford CS336).</summary>
    Greater,

    /// <summary>The one of smaller ids, left part first (rustbpe of nanochat).</summary>
    SmallerId,
}
