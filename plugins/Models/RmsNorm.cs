using Experiments.Contracts.Torch;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>x / √(mean of x² + ε) · weight, along the last dimension (Zhang and Sennrich 2019). The name of the field is the parameter's.</summary>
internal sealed class RmsNorm : nn.Module
{
    public const double Epsilon = 1e-5;
    private readonly Parameter weight;

    public RmsNorm(long width)
        : base("norm")
    {
        weight = new Parameter(ones(width));
        RegisterComponents();
    }

    public Tensor Forward(Tensor x) => x * x.square().mean([-1], keepdim: true).Plus(Epsilon).rsqrt() * weight;
}
