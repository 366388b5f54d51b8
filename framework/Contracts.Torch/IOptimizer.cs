namespace Experiments.Contracts.Torch;

/// <summary>Turns gradients into new weights.</summary>
/// <remarks>
/// Its state is a fixed number of float32 buffers of the same length as the weights, so that a checkpoint is a few
/// large writes.
/// </remarks>
[PluginKind("optimizer")]
public interface IOptimizer
{
    /// <summary>The peak learning rate, which the schedule scales; null to leave it to the stage.</summary>
    double? LearningRate { get; }

    /// <summary>Number of state buffers, such as 2 for Adam's moments. They start at zero.</summary>
    int StateBuffers { get; }

    /// <summary>
    /// Updates the weights in place. The result must not depend on how the work is divided into pieces.
    /// </summary>
    /// <param name="parameters">Weights, gradients and state.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="step">Number of finished steps, from 0.</param>
    void Step(IParameterBuffers parameters, double learningRate, long step);
}

/// <summary>A schedule of the learning rate.</summary>
[PluginKind("schedule")]
public interface ISchedule
{
    /// <summary>The factor on the peak learning rate, 0 to 1.</summary>
    /// <param name="step">Number of finished steps, from 0.</param>
    /// <param name="total">Number of all steps.</param>
    double Factor(long step, long total);
}
