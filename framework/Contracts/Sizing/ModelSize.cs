namespace Experiments.Contracts.Sizing;

/// <summary>The size of a model, computed from its options before it is built.</summary>
public sealed record ModelSize
{
    /// <summary>Number of logits per position.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The longest sequence. Unit: tokens.</summary>
    public required int Context { get; init; }

    /// <summary>Number of layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>
    /// Parameters by group, such as embedding, attention, feed-forward, norms, head; a shared matrix counts once.
    /// </summary>
    public required IReadOnlyList<ParameterGroup> Groups { get; init; }

    /// <summary>
    /// The products of a state with a matrix in a forward pass, per position. A table lookup is not a product.
    /// </summary>
    public required IReadOnlyList<MatrixProduct> Products { get; init; }

    /// <summary>Number of query heads in all layers together.</summary>
    public required int AttentionHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>
    /// Activations saved for the backward pass, per position, excluding attention weights and logits. Unit: numbers.
    /// </summary>
    public required double KeptPerToken { get; init; }

    /// <summary>Number of all parameters.</summary>
    public long Parameters => Groups.Sum(group => group.Count);

    /// <summary>
    /// Floating-point operations of a forward and a backward pass: 6N + 12·L·D·T (Kaplan et al. 2020), where N counts
    /// the weights of <see cref="Products"/>. Unit: operations per token.
    /// </summary>
    /// <param name="time">Positions per sequence.</param>
    public double OperationsPerToken(int time) =>
        (6.0 * Products.Sum(product => product.Count * (double)product.In * product.Out)) + (12.0 * AttentionHeads * HeadWidth * time);
}

/// <summary>Parameters with a common purpose.</summary>
/// <param name="Name">The purpose.</param>
/// <param name="Count">Their number.</param>
public sealed record ParameterGroup(string Name, long Count);

/// <summary>Products of states with matrices of one shape.</summary>
/// <param name="In">Width of the state.</param>
/// <param name="Out">Width of the result.</param>
/// <param name="Count">Number of such products per position.</param>
public sealed record MatrixProduct(int In, int Out, int Count);
