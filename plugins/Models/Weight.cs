using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>A matrix that is learned, [out, in], under the name that its module has in the model.</summary>
internal sealed class Weight : nn.Module
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _value;

    public Weight(long rows, long columns)
        : base("weight")
    {
        _value = new Parameter(zeros(rows, columns));
        RegisterComponents();
    }

    public Parameter Value => _value;
}

/// <summary>x / √(mean of x² + ε) · gain, along the last dimension (Zhang and Sennrich 2019).</summary>
internal sealed class RmsNorm : nn.Module
{
    public const double Epsilon = 1e-5;

    [ComponentName(Name = "weight")]
    private readonly Parameter _gain;

    public RmsNorm(long width)
        : base("norm")
    {
        _gain = new Parameter(ones(width));
        RegisterComponents();
    }

    public Tensor Forward(Tensor x) => x * x.square().mean([-1], keepdim: true).add(Epsilon).rsqrt() * _gain;
}
