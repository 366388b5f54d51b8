namespace Experiments.Engine.Diagnosis;

/// <summary>One thing that was looked at on this machine.</summary>
/// <param name="Subject">What: <c>libtorch</c>, <c>disk</c>.</param>
/// <param name="State">How it stands.</param>
/// <param name="Text">What was seen.</param>
/// <param name="Remedy">What to do about it; null when all is well.</param>
public sealed record Finding(string Subject, FindingState State, string Text, string? Remedy = null)
{
    /// <summary>A finding where all is well.</summary>
    public static Finding Ok(string subject, string text) => new(subject, FindingState.Ok, text);

    /// <summary>A finding with which runs work, but not as well as they could.</summary>
    public static Finding Warning(string subject, string text, string remedy) => new(subject, FindingState.Warning, text, remedy);

    /// <summary>A finding with which runs fail.</summary>
    public static Finding Problem(string subject, string text, string remedy) => new(subject, FindingState.Problem, text, remedy);
}

/// <summary>How a thing stands.</summary>
public enum FindingState
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>Runs work, but not as well as they could.</summary>
    Warning,

    /// <summary>Runs fail.</summary>
    Problem,
}
