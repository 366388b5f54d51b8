using Experiments.Learning;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Plugins.Models;

/// <summary>Causal self-attention. Comments: B rows, T positions, H heads, K heads of keys and values, W width of a head, D width of the model.</summary>
internal sealed class Attention : nn.Module
{
    private readonly GptOptions _options;
    private readonly Weight _joint;
    private readonly Weight _output;

    public Attention(GptOptions options)
        : base("attention")
    {
        _options = options;
        _joint = new Weight((options.Heads + (2 * options.SharedHeads)) * options.HeadWidth, options.Width);
        _output = new Weight(options.Width, options.Heads * options.HeadWidth);
        register_module("qkv_proj", _joint);
        register_module("o_proj", _output);
    }

    public LinearWeights Joint => new(_joint.Value, null);

    public LinearWeights Output => new(_output.Value, null);

    public Tensor Forward(Tensor x, Rotation rotation, CausalAttention attention)
    {
        var (queries, keys, values) = Heads.Split(linear(x, _joint.Value), _options.Heads, _options.SharedHeads, rotation);
        return linear(Heads.Merge(attention.Attend(queries, keys, values)), _output.Value); // [B, T, D]
    }

    public IEnumerable<(string Name, Tensor Value)> NamedWeights()
    {
        var (queries, shared) = (_options.Heads * _options.HeadWidth, _options.SharedHeads * _options.HeadWidth);
        yield return ("q_proj.weight", _joint.Value.narrow(0, 0, queries));
        yield return ("k_proj.weight", _joint.Value.narrow(0, queries, shared));
        yield return ("v_proj.weight", _joint.Value.narrow(0, queries + shared, shared));
        yield return ("o_proj.weight", _output.Value);
    }
}
