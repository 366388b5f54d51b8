using Experiments.Learning;

namespace Experiments.Plugins.Training;

/// <summary>How long and in what portions a model is trained: what the options say, and what the model's depth says where they don't.</summary>
/// <param name="BatchSize">Sequences a step.</param>
/// <param name="Steps">Updates of the weights.</param>
/// <param name="LearningRate">The peak learning rate of an optimizer that was given none.</param>
/// <param name="Dial">What was derived from the depth; null where the model has none.</param>
internal sealed record PretrainPlan(int BatchSize, long Steps, double LearningRate, DepthDial? Dial)
{
    private const int UsualBatch = 32;

    /// <summary>Plans a training.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="parameters">The model's parameters.</param>
    /// <param name="operationsPerToken">Operations of a forward and a backward pass.</param>
    /// <param name="length">Tokens a sequence.</param>
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
