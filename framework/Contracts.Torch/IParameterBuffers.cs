using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>
/// All parameters of a model, concatenated in one float32 buffer, with buffers for their gradients and the optimizer's
/// state.
/// </summary>
/// <remarks>
/// If the model computes in bfloat16, these are the master weights; each update is copied to the weights of the model.
/// </remarks>
public interface IParameterBuffers
{
    /// <summary>The parameters, in the order of the buffer.</summary>
    IReadOnlyList<ParameterBlock> Blocks { get; }

    /// <summary>Whether the buffers are in the processor's memory. Only then can they be updated in pieces.</summary>
    bool IsOnProcessor { get; }

    /// <summary>
    /// Calls an update for pieces of the buffers, on several threads. Every number of the chosen parameters is passed
    /// exactly once. The update must not throw.
    /// </summary>
    /// <param name="isChosen">Chooses the parameters.</param>
    /// <param name="update">Changes weights and state of a piece in place.</param>
    void UpdatePieces(Predicate<ParameterBlock> isChosen, PieceUpdate update);

    /// <summary>Calls an update with one parameter as tensors of its shape.</summary>
    void UpdateTensors(ParameterBlock block, Action<ParameterTensors> update);

    /// <summary>Calls an update with all parameters as tensors of one dimension.</summary>
    void UpdateAll(Action<ParameterTensors> update);
}

/// <summary>One parameter in the buffers.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Start">Where it begins. Unit: numbers.</param>
/// <param name="Length">Its length. Unit: numbers.</param>
/// <param name="IsEmbedding">
/// Whether it is an embedding table or the head, of which each row belongs to a token or a position.
/// </param>
public sealed record ParameterBlock(string Name, IReadOnlyList<long> Shape, long Start, long Length, bool IsEmbedding)
{
    /// <summary>Whether it is a matrix, and not a gain or a bias. Weight decay applies to matrices.</summary>
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
public readonly ref struct ParameterPiece(
    ParameterBlock block, Span<float> weights, ReadOnlySpan<float> gradients, Span<float> first, Span<float> second)
{
    /// <summary>The parameter.</summary>
    public ParameterBlock Block { get; } = block;

    /// <summary>Weights, changed in place.</summary>
    public Span<float> Weights { get; } = weights;

    /// <summary>Their gradients.</summary>
    public ReadOnlySpan<float> Gradients { get; } = gradients;

    /// <summary>The first buffer of state; empty if the optimizer has none.</summary>
    public Span<float> FirstState { get; } = first;

    /// <summary>The second buffer of state; empty if the optimizer has fewer than two.</summary>
    public Span<float> SecondState { get; } = second;
}

/// <summary>Parameters as tensors, float32, on the model's device. Weights and state are changed in place.</summary>
/// <param name="Weights">The weights.</param>
/// <param name="Gradients">Their gradients; a copy.</param>
/// <param name="Decayed">1 where weight decay applies, 0 elsewhere; broadcasts to the weights.</param>
/// <param name="State">The optimizer's buffers.</param>
public sealed record ParameterTensors(Tensor Weights, Tensor Gradients, Tensor Decayed, IReadOnlyList<Tensor> State);
