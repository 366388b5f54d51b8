using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>All parameters of a model in one float32 buffer, one behind the other, beside their gradients and the optimizer's state.</summary>
/// <remarks>Where the model computes in bfloat16, these are the master weights; the model's own are written anew from what an update changes.</remarks>
public interface IParameterBuffers
{
    /// <summary>The parameters, in the order in which they lie.</summary>
    IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>Whether the buffers lie in the processor's memory. Only then do they come in pieces.</summary>
    bool IsOnProcessor { get; }

    /// <summary>Calls an update for pieces of the buffers, several at a time: every number of the chosen parameters comes once. It must not throw.</summary>
    /// <param name="isChosen">Which parameters.</param>
    /// <param name="update">Changes weights and state of a piece.</param>
    void UpdatePieces(Predicate<ParameterBlock> isChosen, PieceUpdate update);

    /// <summary>Calls an update with one parameter as tensors of its shape.</summary>
    void UpdateTensors(ParameterBlock block, Action<ParameterTensors> update);

    /// <summary>Calls an update with all parameters as tensors of one dimension.</summary>
    void UpdateAll(Action<ParameterTensors> update);
}

/// <summary>One parameter in the buffers.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Start">Where it begins, in numbers.</param>
/// <param name="Length">How many numbers it has.</param>
/// <param name="IsEmbedding">Whether it is a table of embeddings or the head: a row of it belongs to a token or a position.</param>
public sealed record ParameterBlock(string Name, IReadOnlyList<long> Shape, long Start, long Length, bool IsEmbedding)
{
    /// <summary>Whether it is a matrix, not a gain or a bias. Weight decay applies to matrices.</summary>
    public bool IsMatrix => Shape.Count > 1;
}

/// <summary>An update of a piece of the buffers.</summary>
public delegate void PieceUpdate(ParameterPiece piece);

/// <summary>A piece of one parameter.</summary>
/// <param name="block">The parameter.</param>
/// <param name="weights">Its weights, changed in place.</param>
/// <param name="gradients">Their gradients.</param>
/// <param name="first">The first buffer of state.</param>
/// <param name="second">The second buffer of state.</param>
public readonly ref struct ParameterPiece(ParameterBlock block, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second)
{
    /// <summary>The parameter.</summary>
    public ParameterBlock Block { get; } = block;

    /// <summary>Weights, changed in place.</summary>
    public Span<float> Weights { get; } = weights;

    /// <summary>Their gradients.</summary>
    public ReadOnlySpan<float> Gradients { get; } = gradients;

    /// <summary>The first buffer of state; empty where the optimizer has none.</summary>
    public Span<float> FirstState { get; } = first;

    /// <summary>The second buffer of state; empty where the optimizer has fewer.</summary>
    public Span<float> SecondState { get; } = second;
}

/// <summary>Parameters as tensors, float32, on the model's device. Weights and state are changed in place.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Gradients">Their gradients; a copy.</param>
/// <param name="Decayed">1 where weight decay applies, 0 elsewhere; broadcasts to the weights.</param>
/// <param name="State">The optimizer's buffers.</param>
public sealed record ParameterTensors(Tensor Weights, Tensor Gradients, Tensor Decayed, IReadOnlyList<Tensor> State);
