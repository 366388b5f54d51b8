using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>A causal language model: token ids in, logits of the next token out.</summary>
/// <param name="name">The name of the module.</param>
/// <param name="vocabularySize">Number of logits per position.</param>
/// <param name="contextLength">The longest sequence. Unit: tokens.</param>
/// <remarks>
/// <c>to</c> may move a model to another device or number type (float32, bfloat16, float64), so every tensor that it
/// uses must follow its parameters. A model that does not handle documents derives from <see cref="SequenceModel"/>,
/// which needs less code.
/// </remarks>
public abstract class LanguageModel(string name, int vocabularySize, int contextLength) : nn.Module(name)
{
    /// <summary>Number of logits per position.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>
    /// Ids below this are tokens. The others only pad the vocabulary to a round number, as in published models, and are
    /// never sampled. Default: all are tokens.
    /// </summary>
    public int TokenCount { get; set; } = vocabularySize;

    /// <summary>The longest sequence. Unit: tokens.</summary>
    public int ContextLength { get; } = contextLength;

    /// <summary>
    /// Whether training keeps only the input of each layer and recomputes the layer in the backward pass. A model that
    /// does not support this ignores it.
    /// </summary>
    public bool UsesActivationCheckpointing { get; set; }

    /// <summary>The head, if it is one matrix; null if <see cref="Logits"/> does more.</summary>
    public virtual LinearHead? Head => null;

    /// <summary>
    /// The state of every position, ready for the head. It depends only on the position's token and the tokens before
    /// it.
    /// </summary>
    /// <param name="ids">[batch, time], int64.</param>
    /// <param name="documents">
    /// [batch, time], int64: the number of the document of each position, increasing along a row. A position sees only
    /// its own document and is counted from that document's beginning. null: each row is one document.
    /// </param>
    /// <returns>[batch, time, width].</returns>
    public abstract Tensor States(Tensor ids, Tensor? documents = null);

    /// <summary>Applies the head to states.</summary>
    /// <param name="states">[..., width].</param>
    /// <returns>[..., vocabulary].</returns>
    public virtual Tensor Logits(Tensor states) =>
        (Head ?? throw new NotSupportedException($"{GetName()} has no linear head and does not override Logits."))
            .Logits(states);

    /// <summary>The logits of every position.</summary>
    /// <inheritdoc cref="States"/>
    /// <returns>[batch, time, vocabulary].</returns>
    public Tensor Forward(Tensor ids, Tensor? documents = null) => Logits(States(ids, documents));

    /// <summary>
    /// Floating-point operations of a forward and a backward pass. Unit: operations per token. Default: 6 per weight of
    /// the matrices (Kaplan et al. 2020).
    /// </summary>
    /// <param name="time">Positions per sequence, which determine the cost of attention.</param>
    public virtual double OperationsPerToken(int time) =>
        6.0 * parameters().Where(parameter => parameter.shape.Length > 1).Sum(parameter => parameter.numel());

    /// <summary>Starts decoding. Default: a session that recomputes all positions for each token.</summary>
    public virtual IDecodingSession StartDecoding() => new RecomputingSession(this);

    /// <summary>
    /// The weights under the names that other tools use: the parameters themselves, or views of them (a part, a
    /// transpose). Default: the parameters.
    /// </summary>
    public virtual IReadOnlyList<(string Name, Tensor Value)> NamedWeights() =>
        [.. named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter))];

    /// <summary>
    /// The contents of Hugging Face's <c>config.json</c>. Default: the sizes, under the module's name, which other
    /// tools do not recognize.
    /// </summary>
    public virtual JsonObject HuggingFaceConfig() => new()
    {
        ["architectures"] = new JsonArray(GetName()),
        ["model_type"] = GetName(),
        ["vocab_size"] = VocabularySize,
        ["max_position_embeddings"] = ContextLength,
        ["torch_dtype"] = "float32",
    };
}
