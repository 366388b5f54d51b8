using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>A matrix that is learned, [out, in]. The name of the field is the parameter's.</summary>
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
