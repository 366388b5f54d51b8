using Experiments.Contracts.Torch;
using Experiments.Learning.Operations.Kernels;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations;

/// <summary>
/// The loss of a model on tokens: the negative logarithm of the probability that it gives them. Unit: nats.
/// </summary>
public static class TokenLoss
{
    /// <summary>
    /// The sum over tokens, in float32. A linear head is computed in chunks, so that memory does not grow with the
    /// product of tokens and vocabulary size.
    /// </summary>
    /// <param name="model">The model, whose head is used.</param>
    /// <param name="states">[tokens, width].</param>
    /// <param name="targets">[tokens], int64; each is in the vocabulary.</param>
    public static Tensor Sum(LanguageModel model, Tensor states, Tensor targets) =>
        model.Head is { } head && Takes(head, states)
            ? is_grad_enabled() ? HeadLossFunction.apply(states, head.Weight, targets, head.SoftCap!) : Each(model, states, targets).sum()
            : nn.functional.cross_entropy(
                model.Logits(states).to(AtLeastFloat32(states)), targets, reduction: nn.Reduction.Sum);

    /// <summary>The loss of each token, in float32, without gradients.</summary>
    /// <inheritdoc cref="Sum"/>
    /// <returns>[tokens].</returns>
    public static Tensor Each(LanguageModel model, Tensor states, Tensor targets)
    {
        using var _ = no_grad();
        return model.Head is { } head && Takes(head, states)
            ? HeadLossFunction.Each(states.contiguous(), head.Weight, targets, head.SoftCap)
            : nn.functional.cross_entropy(
                model.Logits(states).to(AtLeastFloat32(states)), targets, reduction: nn.Reduction.None);
    }

    private static bool Takes(LinearHead head, Tensor states) =>
        head.Weight.dtype == states.dtype && Fused.Takes(states, head.Weight.shape[0]);

    private static ScalarType AtLeastFloat32(Tensor states) =>
        states.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
}
