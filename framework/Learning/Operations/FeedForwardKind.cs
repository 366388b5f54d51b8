namespace Experiments.Learning.Operations;

/// <summary>The feed-forward network of a layer.</summary>
public enum FeedForwardKind
{
    /// <summary>down(silu(gate(x)) · up(x)), as in Llama (Shazeer 2020).</summary>
    Swiglu,

    /// <summary>down(gelu(up(x))) with the error function.</summary>
    Gelu,

    /// <summary>down(gelu(up(x))) with the tanh approximation of GELU, as in GPT-2.</summary>
    GeluTanh,

    /// <summary>down(relu(up(x))²) (So et al. 2021), as in nanochat.</summary>
    Relu2,
}
