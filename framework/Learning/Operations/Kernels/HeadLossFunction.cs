using Experiments.Contracts.Torch;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// The summed loss of a linear head, computed in chunks of rows, so that never all logits are in memory. The forward
/// pass already computes the gradients of states and weights, and only they are saved for the backward pass. Inputs:
/// states, weight, targets, soft cap or null.
/// </summary>
/// <remarks>Like the fused linear cross-entropy of Liger Kernel (Hsu et al. 2024), but on the processor.</remarks>
internal sealed class HeadLossFunction : SingleTensorFunction<HeadLossFunction>
{
    private const int RowsAtOnce = 1024;

    public override string Name => nameof(HeadLossFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (states, weight, targets, softCap) =
            ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], vars[3] as double?);
        using var scope = NewDisposeScope();
        var losses = empty(states.shape[0]);
        var dStates = empty_like(states);
        Tensor? dWeight = null;
        for (var start = 0L; start < states.shape[0]; start += RowsAtOnce)
        {
            using var inner = NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, states.shape[0] - start);
            var part = states.narrow(0, start, rows);
            var logits = part.mm(weight.t()); // [rows, vocabulary]
            CrossEntropyKernel.Run(
                logits, targets.narrow(0, start, rows), losses.narrow(0, start, rows), softCap, differentiates: true);
            dStates.narrow(0, start, rows).copy_(logits.mm(weight));
            var product = logits.t().mm(part); // [vocabulary, width]
            dWeight = dWeight is not null ? dWeight.add_(product, NumberArithmetic.One)
                : (states.shape[0] > RowsAtOnce ? product.to(ScalarType.Float32) : product).MoveToOuterDisposeScope();
        }

        ctx.save_for_backward([dStates.MoveToOuterDisposeScope(), dWeight!.to(weight.dtype).MoveToOuterDisposeScope()]); // kept by the graph only after this returns
        return losses.sum().MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var factor = grad_output.to(saved[0].dtype);
        return [saved[0] * factor, saved[1] * factor, null!, null!];
    }

    /// <summary>The loss of each row, without gradients.</summary>
    public static Tensor Each(Tensor states, Tensor weight, Tensor targets, double? softCap)
    {
        using var scope = NewDisposeScope();
        var losses = empty(states.shape[0]);
        for (var start = 0L; start < states.shape[0]; start += RowsAtOnce)
        {
            using var inner = NewDisposeScope();
            var rows = Math.Min(RowsAtOnce, states.shape[0] - start);
            CrossEntropyKernel.Run(
                states.narrow(0, start, rows).mm(weight.t()), targets.narrow(0, start, rows),
                losses.narrow(0, start, rows), softCap, differentiates: false);
        }

        return losses.MoveToOuterDisposeScope();
    }
}
