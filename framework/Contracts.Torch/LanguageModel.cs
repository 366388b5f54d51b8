using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>A causal language model: token ids in, logits of the next token out.</summary>
/// <param name="name">The name of the module.</param>
/// <param name="vocabularySize">Logits a position.</param>
/// <param name="contextLength">The longest sequence that it takes, in tokens.</param>
/// <remarks>
/// Parameters carry the names that Hugging Face gives them, so that checkpoints open in other tools. A model without a cache derives from
/// <see cref="SequenceModel"/>, which asks for less.
/// </remarks>
public abstract class LanguageModel(string name, int vocabularySize, int contextLength) : nn.Module(name)
{
    /// <summary>Logits a position.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>The longest sequence that it takes, in tokens.</summary>
    public int ContextLength { get; } = contextLength;

    /// <summary>An empty cache for a decode.</summary>
    public abstract KeyValueCache CreateCache();

    /// <summary>The state of every position, ready for the head. Losses pick the positions that they need before they pay for logits.</summary>
    /// <param name="ids">[batch, time], int64.</param>
    /// <param name="cache">Keys and values of the positions before; null in training. It is extended by this call.</param>
    /// <param name="valid">[batch, cached + time], bool: false where a row is padded (on the left); null when nothing is padded. Positions count valid tokens only.</param>
    /// <returns>[batch, time, width].</returns>
    public abstract Tensor States(Tensor ids, KeyValueCache? cache = null, Tensor? valid = null);

    /// <summary>The head: logits of states.</summary>
    /// <param name="states">[..., width].</param>
    /// <returns>[..., vocabulary].</returns>
    public abstract Tensor Logits(Tensor states);

    /// <summary>Logits for every position.</summary>
    /// <inheritdoc cref="States"/>
    /// <returns>[batch, time, vocabulary].</returns>
    public Tensor Forward(Tensor ids, KeyValueCache? cache = null, Tensor? valid = null) => Logits(States(ids, cache, valid));

    /// <summary>The contents of Hugging Face's <c>config.json</c>. Default: the sizes, under the module's name, which other tools do not know.</summary>
    public virtual JsonObject HuggingFaceConfig() => new()
    {
        ["architectures"] = new JsonArray(GetName()),
        ["model_type"] = GetName(),
        ["vocab_size"] = VocabularySize,
        ["max_position_embeddings"] = ContextLength,
        ["torch_dtype"] = "float32",
    };
}
