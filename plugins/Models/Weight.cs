using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>A matrix that is learned, [out, in], under the name that its module has in the model.</summary>
internal sealed class Weight : nn.Module
{
    public Weight(long rows, long columns)
        : base("weight")
    {
        Value = new Parameter(zeros(rows, columns));
        register_parameter("weight", Value);
    }

    public Parameter Value { get; }
}

/// <summary>x / √(mean of x² + ε) · gain, along the last dimension (Zhang and Sennrich 2019).</summary>
internal sealed class RmsNorm : nn.Module
{
    public const double Epsilon = 1e-5;
    private readonly Parameter _gain;

    public RmsNorm(long width)
        : base("norm")
    {
        _gain = new Parameter(ones(width));
        register_parameter("weight", _gain);
    }

    public Tensor Forward(Tensor x) => x * x.square().mean([-1], keepdim: true).add(Epsilon).rsqrt() * _gain;
}
