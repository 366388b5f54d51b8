using Experiments.Learning;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>RMSNorm with a gain. The name of the field is the parameter's.</summary>
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

    public Parameter Gain => weight;

    public NormWeights Weights => new(NormKind.Rmsnorm, weight, null, Epsilon);

    public Tensor Forward(Tensor x) => Normalization.Rms(x, weight, Epsilon);
}
