using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>
/// RMSNorm or LayerNorm along the last dimension. With a gain, LayerNorm also has a bias, as in GPT-2. The fields'
/// names are the parameters' names.
/// </summary>
internal sealed class Norm : nn.Module
{
    private readonly NormKind _kind;
    private readonly long _width;
    private readonly double _epsilon;
    private readonly Parameter? weight;
    private readonly Parameter? bias;

    public Norm(long width, NormKind kind, bool hasGain, double epsilon)
        : base("norm")
    {
        (_kind, _width, _epsilon) = (kind, width, epsilon);
        if (hasGain)
        {
            register_parameter("weight", weight = new Parameter(ones(width)));
        }

        if (hasGain && kind == NormKind.Layernorm)
        {
            register_parameter("bias", bias = new Parameter(zeros(width)));
        }
    }

    public NormWeights Weights => new(_kind, weight, bias, _epsilon);

    public Tensor Forward(Tensor x) => _kind == NormKind.Rmsnorm ? Normalization.Rms(x, weight, _epsilon) : nn.functional.layer_norm(x, [_width], weight, bias, _epsilon);
}
