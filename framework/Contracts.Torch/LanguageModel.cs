using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>A causal language model: token ids in, logits of the next token out.</summary>
/// <param name="name">The name of the module.</param>
/// <param name="vocabularySize">Logits a position.</param>
/// <param name="contextLength">The longest sequence that it takes, in tokens.</param>
/// <remarks>
/// A model may be moved to another device and to another type of numbers (float32, bfloat16, float64) with <c>to</c>, so whatever it computes from follows its
/// parameters. A model that does not know about documents derives from <see cref="SequenceModel"/>, which asks for less.
/// </remarks>
public abstract class LanguageModel(string name, int vocabularySize, int contextLength) : nn.Module(name)
{
    /// <summary>Logits a position.</summary>
    public int VocabularySize { get; } = vocabularySize;

    /// <summary>Ids below this are tokens; the logits of the others, with which published vocabularies are padded to a round number, are never sampled. Default: all are tokens.</summary>
    public int TokenCount { get; set; } = vocabularySize;

    /// <summary>The longest sequence that it takes, in tokens.</summary>
    public int ContextLength { get; } = contextLength;

    /// <summary>Whether training keeps only the input of each layer and computes the layer anew for backward. A model that cannot do so ignores it.</summary>
    public bool UsesActivationCheckpointing { get; set; }

    /// <summary>The head where it is one matrix; null where <see cref="Logits"/> is more than that.</summary>
    public virtual LinearHead? Head => null;

    /// <summary>The state of every position, ready for the head. That of a position depends on its own token and those before it.</summary>
    /// <param name="ids">[batch, time], int64.</param>
    /// <param name="documents">
    /// [batch, time], int64: the number of the document that a position belongs to, rising along a row. A position sees its own document only and is counted from its
    /// beginning. Null: each row is one.
    /// </param>
    /// <returns>[batch, time, width].</returns>
    public abstract Tensor States(Tensor ids, Tensor? documents = null);

    /// <summary>The head: logits of states.</summary>
    /// <param name="states">[..., width].</param>
    /// <returns>[..., vocabulary].</returns>
    public virtual Tensor Logits(Tensor states) =>
        (Head ?? throw new NotSupportedException($"{GetName()} has neither a linear head nor logits of its own.")).Logits(states);

    /// <summary>Logits for every position.</summary>
    /// <inheritdoc cref="States"/>
    /// <returns>[batch, time, vocabulary].</returns>
    public Tensor Forward(Tensor ids, Tensor? documents = null) => Logits(States(ids, documents));

    /// <summary>Floating-point operations of a forward and a backward pass. Unit: operations a token. Default: 6 a weight of the matrices (Kaplan et al. 2020).</summary>
    /// <param name="time">Positions a sequence, on which the cost of attention depends.</param>
    public virtual double OperationsPerToken(int time) => 6.0 * parameters().Where(parameter => parameter.shape.Length > 1).Sum(parameter => parameter.numel());

    /// <summary>Begins to continue sequences. Default: a session that computes all positions anew for each token.</summary>
    public virtual IDecodingSession StartDecoding() => new RecomputingSession(this);

    /// <summary>The weights under the names that other tools give them: the parameters themselves, or views of them (a part, a transposition). Default: the parameters.</summary>
    public virtual IReadOnlyList<(string Name, Tensor Value)> NamedWeights() =>
        [.. named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter))];

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
