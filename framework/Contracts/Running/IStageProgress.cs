namespace Experiments.Contracts.Running;

/// <summary>Reports the progress of a stage. The host derives rate and remaining time from it.</summary>
public interface IStageProgress
{
    /// <summary>Reports progress. The call is cheap: make it at every change.</summary>
    /// <param name="done">Units done since the start of the work, earlier attempts included.</param>
    /// <param name="total">Total units; null if unknown.</param>
    /// <param name="unit">What is counted, in plural: documents, tokens, steps.</param>
    /// <param name="note">A few words shown with the progress bar, such as <c>loss 3.21</c>.</param>
    void Report(double done, double? total, string unit, string? note = null);
}
