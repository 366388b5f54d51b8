namespace Experiments.Contracts;

/// <summary>Which values of a metric are better.</summary>
public enum Better
{
    /// <summary>Neither: the metric describes, such as a count or a setting.</summary>
    Neither,

    /// <summary>Lower ones, as of a loss.</summary>
    Lower,

    /// <summary>Higher ones, as of an accuracy or a speed.</summary>
    Higher,
}
