namespace Experiments.Engine.Artifacts;

/// <summary>Tells a full disk from other failures to write.</summary>
public static class DiskSpace
{
    private const int NoSpace = 28; // ENOSPC
    private const int OverQuota = 122; // EDQUOT

    private const string NoSpaceToPreallocate = "because the disk was full."; // .NET gives this failure no code

    /// <summary>Whether a write failed because the disk or the quota is full.</summary>
    public static bool IsExhausted(Exception problem) =>
        problem is IOException
        && ((problem.HResult & 0xFFFF) is NoSpace or OverQuota || problem.Message.EndsWith(NoSpaceToPreallocate, StringComparison.Ordinal));

    /// <summary>The failure in words; for a full disk with the remedy.</summary>
    public static string Explain(Exception problem) =>
        IsExhausted(problem)
            ? $"The disk is full: {problem.Message.TrimEnd('.')}. Free some space, then run the same command again; no finished work is lost."
            : problem.Message;
}
