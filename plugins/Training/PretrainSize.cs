using Experiments.Contracts.Sizing;

namespace Experiments.Plugins.Training;

/// <summary>What <c>pretrain</c> will do, told from its options.</summary>
internal static class PretrainSize
{
    public static StageSize Of(PretrainOptions options, IReadOnlyDictionary<string, StageSize> inputs)
    {
        var vocabulary = inputs.GetValueOrDefault("tokenizer")?.VocabularySize ?? inputs.GetValueOrDefault("tokens")?.VocabularySize;
        var model = vocabulary is { } size ? options.Model.Create().Size(size) : null;
        var known = new StageSize { VocabularySize = vocabulary, Architecture = options.Model.Recipe, Model = model };
        if (model is null)
        {
            return known;
        }

        var length = options.SequenceLength ?? model.Context;
        var tokensPerStep = (long)options.BatchSize * length;
        var steps = options.Steps ?? Math.Max(1, (long)(options.Tokens!.Value / tokensPerStep));
        return known with
        {
            Training = new()
            {
                Steps = steps,
                TokensPerStep = tokensPerStep,
                SequenceLength = length,
                SequencesAtOnce = options.BatchSize / options.Accumulation,
                TokensRead = ((double)(steps / options.EvaluateEvery) + 2) * options.ValidationTokens,
                OptimizerNumbers = options.Optimizer.Create().StateBuffers,
            },
        };
    }
}
