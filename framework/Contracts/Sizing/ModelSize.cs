namespace Experiments.Contracts.Sizing;

/// <summary>How large a model is, told from its options before it is built.</summary>
public sealed record ModelSize
{
    /// <summary>Logits a position.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    public required int Context { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Parameters by group, such as embedding, attention, feed-forward, norms, head; a matrix that serves twice counts once.</summary>
    public required IReadOnlyList<ParameterGroup> Groups { get; init; }

    /// <summary>The products of a state with a matrix that a forward pass computes for each position; a lookup is none.</summary>
    public required IReadOnlyList<MatrixProduct> Products { get; init; }

    /// <summary>Attention heads of queries, of all layers together.</summary>
    public required int AttentionHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadWidth { get; init; }

    /// <summary>Numbers that a forward pass keeps for the backward pass, a position, beside attention weights and logits.</summary>
    public required double KeptPerToken { get; init; }

    /// <summary>All parameters.</summary>
    public long Parameters => Groups.Sum(group => group.Count);

    /// <summary>Floating-point operations of a forward and a backward pass: 6N + 12·L·D·T (Kaplan et al. 2020), N the weights that multiply. Unit: operations a token.</summary>
    /// <param name="time">Positions a sequence.</param>
    public double OperationsPerToken(int time) =>
        (6.0 * Products.Sum(product => product.Count * (double)product.In * product.Out)) + (12.0 * AttentionHeads * HeadWidth * time);
}

/// <summary>Parameters that serve one purpose.</summary>
/// <param name="Name">The purpose.</param>
/// <param name="Count">How many.</param>
public sealed record ParameterGroup(string Name, long Count);

/// <summary>Products of states with matrices of one shape.</summary>
/// <param name="In">Width of the state.</param>
/// <param name="Out">Width of the result.</param>
/// <param name="Count">How many such products a position takes.</param>
public sealed record MatrixProduct(int In, int Out, int Count);
