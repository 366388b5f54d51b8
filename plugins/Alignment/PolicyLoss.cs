using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment;

/// <summary>The clipped surrogate of PPO (Schulman et al. 2017) with two bounds (clip-higher: DAPO, Yu et al. 2025), a term a token.</summary>
/// <param name="ClipLow">The ratio is not followed below 1 - this.</param>
/// <param name="ClipHigh">The ratio is not followed above 1 + this.</param>
/// <param name="KlCoefficient">Weight of the divergence from the reference.</param>
internal sealed record PolicyLoss(double ClipLow, double ClipHigh, double KlCoefficient)
{
    /// <summary>-min(ratio · A, clip(ratio) · A) + β · KL, for each token.</summary>
    /// <param name="logProbabilities">Under the policy that is trained: [tokens].</param>
    /// <param name="behaviour">Under the policy that sampled: [tokens].</param>
    /// <param name="advantages">[tokens].</param>
    /// <param name="reference">Under the reference policy, or null: [tokens].</param>
    public Tensor PerToken(Tensor logProbabilities, Tensor behaviour, Tensor advantages, Tensor? reference)
    {
        var ratio = Ratio(logProbabilities, behaviour);
        var loss = minimum(ratio * advantages, ratio.Within(1 - ClipLow, 1 + ClipHigh) * advantages).neg();
        return reference is null || KlCoefficient == 0 ? loss : loss.Plus(Divergence(logProbabilities, reference).Times(KlCoefficient));
    }

    /// <summary>Which tokens the clip keeps from being followed further: bool, [tokens].</summary>
    public Tensor IsClipped(Tensor ratio, Tensor advantages) =>
        ratio.IsAbove(1 + ClipHigh).logical_and(advantages.IsAbove(0)).logical_or(ratio.IsBelow(1 - ClipLow).logical_and(advantages.IsBelow(0)));

    /// <summary>How much likelier the trained policy finds each token than the one that sampled it.</summary>
    public static Tensor Ratio(Tensor logProbabilities, Tensor behaviour) => (logProbabilities - behaviour).exp();

    /// <summary>Schulman's estimator k3 of KL(policy, reference): r - 1 - ln r with r = reference / policy; never negative, and without bias.</summary>
    public static Tensor Divergence(Tensor logProbabilities, Tensor reference)
    {
        var difference = (reference - logProbabilities).Within(-20, 20);
        return difference.exp().Plus(-1) - difference;
    }
}
