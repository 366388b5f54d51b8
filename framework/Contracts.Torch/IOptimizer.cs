namespace Experiments.Contracts.Torch;

/// <summary>Turns gradients into new weights, over flat buffers: all parameters of a model lie one behind the other.</summary>
/// <remarks>Its state is a fixed number of float buffers as long as the weights, so that a checkpoint is a handful of large writes.</remarks>
[PluginKind("optimizer")]
public interface IOptimizer
{
    /// <summary>The peak learning rate; the schedule scales it.</summary>
    double LearningRate { get; }

    /// <summary>State buffers that it needs, such as 2 for Adam's moments. They start at zero.</summary>
    int StateBuffers { get; }

    /// <summary>Updates the weights in place. The result must not depend on the number of threads.</summary>
    /// <param name="weights">All weights.</param>
    /// <param name="gradients">Their gradients.</param>
    /// <param name="decayed">For each weight whether weight decay applies: 1 for matrices, 0 for gains and biases.</param>
    /// <param name="state">The state buffers.</param>
    /// <param name="learningRate">The learning rate of this step.</param>
    /// <param name="step">Steps done before, from 0.</param>
    void Step(Span<float> weights, ReadOnlySpan<float> gradients, ReadOnlySpan<float> decayed, float[][] state, double learningRate, long step);
}

/// <summary>The course of the learning rate.</summary>
[PluginKind("schedule")]
public interface ISchedule
{
    /// <summary>The factor on the peak learning rate, 0 to 1.</summary>
    /// <param name="step">Steps done before, from 0.</param>
    /// <param name="total">Steps in all.</param>
    double Factor(long step, long total);
}
