namespace Experiments.Engine.Diagnosis;

/// <summary>The result of checking one thing on this machine.</summary>
/// <param name="Subject">What was checked: <c>libtorch</c>, <c>disk</c>.</param>
/// <param name="State">Its state.</param>
/// <param name="Text">What the check found.</param>
/// <param name="Remedy">What to do about it; null when nothing is wrong.</param>
public sealed record Finding(string Subject, FindingState State, string Text, string? Remedy = null)
{
    /// <summary>A finding without a problem.</summary>
    public static Finding Ok(string subject, string text) => new(subject, FindingState.Ok, text);

    /// <summary>A finding that makes runs slower or less safe, but does not stop them.</summary>
    public static Finding Warning(string subject, string text, string remedy) => new(subject, FindingState.Warning, text, remedy);

    /// <summary>A finding that makes runs fail.</summary>
    public static Finding Problem(string subject, string text, string remedy) => new(subject, FindingState.Problem, text, remedy);
}

/// <summary>The state of a checked thing.</summary>
public enum FindingState
{
    /// <summary>Nothing is wrong.</summary>
    Ok,

    /// <summary>Runs work, but not as well as they could.</summary>
    Warning,

    /// <summary>Runs fail.</summary>
    Problem,
}
