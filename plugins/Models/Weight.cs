using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>A learned matrix, [out, in]. The field's name is the parameter's name.</summary>
internal sealed class Weight : nn.Module
{
    private readonly Parameter weight;

    public Weight(long rows, long columns)
        : base("weight")
    {
        weight = new Parameter(zeros(rows, columns));
        RegisterComponents();
    }

    public Parameter Value => weight;
}
