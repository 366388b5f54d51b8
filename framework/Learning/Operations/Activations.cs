using Experiments.Contracts.Torch;
using Experiments.Learning.Operations.Kernels;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations;

/// <summary>The activation functions of feed-forward networks.</summary>
public static class Activations
{
    /// <summary>Applies an activation.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="up">[..., inner]; for SwiGLU [..., 2 · inner], the gate first.</param>
    /// <returns>[..., inner].</returns>
    public static Tensor Apply(FeedForwardKind kind, Tensor up) => kind switch
    {
        FeedForwardKind.Swiglu => Swiglu(up),
        FeedForwardKind.Gelu => Gelu(up),
        FeedForwardKind.GeluTanh => GeluTanh(up),
        _ => Relu2(up),
    };

    /// <summary>SwiGLU (Shazeer 2020): silu(gate) · up.</summary>
    /// <param name="joint">[..., 2 · inner]: gate, then up.</param>
    /// <returns>[..., inner].</returns>
    public static Tensor Swiglu(Tensor joint)
    {
        var inner = joint.shape[^1] / 2;
        return Fused.Takes(joint, inner) ? ActivationFunction<SiluActivation>.Apply(joint.contiguous(), isGated: true)
            : nn.functional.silu(joint.narrow(-1, 0, inner)) * joint.narrow(-1, inner, inner);
    }

    /// <summary>GELU with the error function: x · Φ(x).</summary>
    public static Tensor Gelu(Tensor x) => nn.functional.gelu(x);

    /// <summary>The tanh approximation of GELU (Hendrycks and Gimpel 2016), as in GPT-2.</summary>
    public static Tensor GeluTanh(Tensor x)
    {
        if (Fused.Takes(x, x.shape[^1]))
        {
            return ActivationFunction<GeluTanhActivation>.Apply(x.contiguous(), isGated: false);
        }

        var inner = x.Plus((x * x * x).Times(0.044715)).Times(Math.Sqrt(2 / Math.PI));
        return x * inner.tanh().Plus(1).Times(0.5);
    }

    /// <summary>relu(x)² (So et al. 2021).</summary>
    public static Tensor Relu2(Tensor x)
    {
        if (Fused.Takes(x, x.shape[^1]))
        {
            return ActivationFunction<Relu2Activation>.Apply(x.contiguous(), isGated: false);
        }

        var positive = nn.functional.relu(x);
        return positive * positive;
    }
}
