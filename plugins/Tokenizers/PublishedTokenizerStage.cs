using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Sizing;
using Experiments.Plugins.Tokenizers.Formats;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Provides a published tokenizer, such as GPT-2's or GPT-4's, instead of training one.</summary>
/// <remarks>
/// The ranks come with the product, so nothing is downloaded. The tokenizer is written as a tokenizer.json. A tokenizer
/// that is already in a folder needs no stage: <c>inputs: { tokenizer: file:PATH }</c>.
/// </remarks>
[Plugin("published-tokenizer")]
[Metric(MetricNames.VocabularySize)]
public sealed class PublishedTokenizerStage(PublishedTokenizerOptions options) : IStage<PublishedTokenizerInputs, Tokenizer>, ISizedStage
{
    /// <inheritdoc/>
    public Task<Tokenizer> RunAsync(PublishedTokenizerInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var format = new PublishedTokenizerFormat();
        var tokenizer = format.Open(options.Name, context.Plugins);
        new HuggingFaceTokenizerFormat().Write(tokenizer, context.OutputFolder);
        context.Metrics.Log(MetricNames.VocabularySize, tokenizer.VocabularySize);
        return Task.FromResult(new Tokenizer(context.OutputFolder));
    }

    /// <inheritdoc/>
    public StageSize Size(IReadOnlyDictionary<string, StageSize> inputs) => new()
    {
        VocabularySize = options.Name switch { "p50k_base" => 50_281, "p50k_edit" => 50_284, "cl100k_base" => 100_277, "o200k_base" => 200_019, _ => 50_257 },
    };
}

/// <summary><c>published-tokenizer</c> has no inputs.</summary>
public sealed record PublishedTokenizerInputs;

/// <summary>Settings of <c>published-tokenizer</c>.</summary>
public sealed record PublishedTokenizerOptions
{
    /// <summary>
    /// Name of the tokenizer: gpt2, r50k_base, p50k_base, p50k_edit, cl100k_base or o200k_base. Default: gpt2.
    /// </summary>
    [AllowedValues("gpt2", "r50k_base", "p50k_base", "p50k_edit", "cl100k_base", "o200k_base")]
    public string Name { get; init; } = "gpt2";
}
