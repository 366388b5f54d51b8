using Experiments.Learning.Decoding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>
/// x · weightᵀ + bias, with weight [out, in] and bias [out] or none. The fields' names are the parameters' names.
/// </summary>
internal sealed class Projection : nn.Module
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    public Projection(long columns, long rows, bool hasBias)
        : base("projection")
    {
        register_parameter("weight", weight = new Parameter(zeros(rows, columns)));
        if (hasBias)
        {
            register_parameter("bias", bias = new Parameter(zeros(rows)));
        }
    }

    public LinearWeights Weights => new(weight, bias);

    public Tensor Forward(Tensor x) => nn.functional.linear(x, weight, bias);
}
