using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// An activation with its derivative. Inputs: x, and whether each row of x consists of a gate and a gated half.
/// </summary>
internal sealed class ActivationFunction<TActivation> : SingleTensorFunction<ActivationFunction<TActivation>>
    where TActivation : IActivation
{
    public override string Name => typeof(TActivation).Name;

    /// <summary>Applies the activation. Saves x for the backward pass only if a gradient is needed.</summary>
    public static Tensor Apply(Tensor x, bool isGated) =>
        is_grad_enabled() && x.requires_grad ? apply(x, isGated) : ActivationKernel.Forward<TActivation>(x, isGated);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (x, isGated) = ((Tensor)vars[0], (bool)vars[1]);
        ctx.save_for_backward([x]);
        ctx.save_data("gated", isGated);
        return ActivationKernel.Forward<TActivation>(x, isGated);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) =>
        [ActivationKernel.Backward<TActivation>(ctx.get_saved_variables()[0], grad_output.contiguous(), (bool)ctx.get_data("gated")), null!];
}
