using Experiments.Learning.Training;

namespace Experiments.Plugins.Training;

/// <summary>
/// The length and the batch size of a training, from the options; what they leave open follows from the model's depth.
/// </summary>
/// <param name="BatchSize">Sequences per step.</param>
/// <param name="Steps">Updates of the weights.</param>
/// <param name="LearningRate">Peak learning rate of an optimizer whose options do not give one.</param>
/// <param name="Dial">The values derived from the depth, or null if the model has no depth.</param>
internal sealed record PretrainPlan(int BatchSize, long Steps, double LearningRate, DepthDial? Dial)
{
    private const int UsualBatch = 32;

    /// <summary>Plans a training.</summary>
    /// <param name="options">Options of the stage.</param>
    /// <param name="parameters">Number of the model's parameters.</param>
    /// <param name="operationsPerToken">Floating-point operations of a forward and a backward pass, per token.</param>
    /// <param name="length">Tokens per sequence.</param>
    public static PretrainPlan Of(PretrainOptions options, long parameters, double operationsPerToken, int length)
    {
        if (options.Model.Create().Depth is null)
        {
            var batch = options.BatchSize ?? UsualBatch;
            return new(batch, options.Steps ?? StepsOf(options.Tokens!.Value, batch, length), TrainingLoop.UsualLearningRate, null);
        }

        var horizon = options.Tokens ?? (options.Steps is { } steps && options.BatchSize is { } size ? (double)steps * size * length : options.TokensPerParameter * parameters);
        var dial = DepthDial.Of(operationsPerToken, length, horizon);
        var sequences = options.BatchSize ?? (dial.BatchSize + options.Accumulation - 1) / options.Accumulation * options.Accumulation;
        return new(sequences, options.Steps ?? StepsOf(horizon, sequences, length), dial.LearningRate, dial);
    }

    private static long StepsOf(double tokens, int batch, int length) => Math.Max(1, (long)(tokens / ((long)batch * length)));
}
