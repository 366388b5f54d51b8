using Experiments.Contracts.Sizing;
using Experiments.Learning.Processors;

namespace Experiments.Plugins.Training;

/// <summary>Estimates the size of a <c>pretrain</c> stage from its options.</summary>
internal static class PretrainSize
{
    public static StageSize Of(PretrainOptions options, IReadOnlyDictionary<string, StageSize> inputs)
    {
        var vocabulary = inputs.GetValueOrDefault("tokenizer")?.VocabularySize ?? inputs.GetValueOrDefault("tokens")?.VocabularySize;
        var model = vocabulary is { } size ? options.Model.Create().Size(options.Padded(size)) : null;
        var known = new StageSize { VocabularySize = vocabulary, Architecture = options.Model.Recipe, Model = model };
        if (model is null)
        {
            return known;
        }

        var length = options.SequenceLength ?? model.Context;
        var plan = PretrainPlan.Of(options, model.Parameters, model.OperationsPerToken(length), length);
        return known with
        {
            Training = new TrainingSize
            {
                Steps = plan.Steps,
                TokensPerStep = (long)plan.BatchSize * length,
                SequenceLength = length,
                SequencesAtOnce = plan.BatchSize / options.Accumulation,
                TokensRead = ((double)(plan.Steps / options.EvaluateEvery) + 2) * options.ValidationTokens,
                OptimizerNumbers = options.Optimizer.Create().StateBuffers,
            }.On(options.Precision, options.Device),
        };
    }
}
