namespace Experiments.Contracts.Running;

/// <summary>Takes how far a stage is; the host turns it into rate and time left.</summary>
public interface IStageProgress
{
    /// <summary>Says where the stage is. Cheap: call it as often as the figure changes.</summary>
    /// <param name="done">Units done, counted from the start of the work, not of the attempt.</param>
    /// <param name="total">Units in all, or null when unknown.</param>
    /// <param name="unit">What is counted, plural: documents, tokens, steps.</param>
    /// <param name="note">A few words beside the bar, such as <c>loss 3.21</c>.</param>
    void Report(double done, double? total, string unit, string? note = null);
}
