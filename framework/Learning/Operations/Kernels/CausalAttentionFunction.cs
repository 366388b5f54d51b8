using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// Attention of a block of queries, with its derivative. The softmax works in place; of the intermediate results only
/// the attention weights are saved. Inputs: queries [N, rows, W], keys and values [N, keys, W], places, scale.
/// </summary>
internal sealed class CausalAttentionFunction : SingleTensorFunction<CausalAttentionFunction>
{
    public override string Name => nameof(CausalAttentionFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (queries, keys, values, places, scale) =
            ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (CausalSoftmaxKernel.Places)vars[3], (float)vars[4]);
        var weights = Weights(queries, keys, places, scale);
        ctx.save_for_backward(
            places.Begins is null ? [queries, keys, values, weights] : [queries, keys, values, weights, places.Begins]);
        ctx.save_data("places", places with { Begins = null });
        ctx.save_data("scale", scale);
        return weights.bmm(values);
    }

    /// <summary>The same without gradients.</summary>
    public static Tensor Forward(
        Tensor queries, Tensor keys, Tensor values, CausalSoftmaxKernel.Places places, float scale) =>
        Weights(queries, keys, places, scale).bmm(values);

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (queries, keys, values, weights) = (saved[0], saved[1], saved[2], saved[3]);
        var places =
            (CausalSoftmaxKernel.Places)ctx.get_data("places") with { Begins = saved.Count > 4 ? saved[4] : null };
        var gradients = grad_output.bmm(values.transpose(1, 2)); // of the weights, [N, rows, keys]
        CausalSoftmaxKernel.Backward(weights, gradients, places, (float)ctx.get_data("scale"));
        return [gradients.bmm(keys), gradients.transpose(1, 2).bmm(queries), weights.transpose(1, 2).bmm(grad_output), null!, null!];
    }

    private static Tensor Weights(Tensor queries, Tensor keys, CausalSoftmaxKernel.Places places, float scale)
    {
        var scores = queries.bmm(keys.transpose(1, 2)); // [N, rows, keys]
        CausalSoftmaxKernel.Forward(scores, places, scale);
        return scores;
    }
}
