using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment;

/// <summary>
/// The clipped surrogate loss of PPO (Schulman et al. 2017) per token, with separate lower and upper bounds
/// (clip-higher of DAPO, Yu et al. 2025).
/// </summary>
/// <param name="ClipLow">The ratio is clipped below at 1 - this.</param>
/// <param name="ClipHigh">The ratio is clipped above at 1 + this.</param>
/// <param name="KlCoefficient">Weight β of the KL divergence from the reference policy.</param>
internal sealed record PolicyLoss(double ClipLow, double ClipHigh, double KlCoefficient)
{
    /// <summary>-min(ratio · A, clip(ratio) · A) + β · KL, for each token.</summary>
    /// <param name="logProbabilities">Log-probabilities under the policy that is trained: [tokens].</param>
    /// <param name="behaviour">Log-probabilities under the policy that sampled: [tokens].</param>
    /// <param name="advantages">Advantages: [tokens].</param>
    /// <param name="reference">
    /// Log-probabilities under the reference policy, or null if the loss has no divergence: [tokens].
    /// </param>
    public Tensor PerToken(Tensor logProbabilities, Tensor behaviour, Tensor advantages, Tensor? reference)
    {
        var ratio = Ratio(logProbabilities, behaviour);
        var loss = minimum(ratio * advantages, ratio.Within(1 - ClipLow, 1 + ClipHigh) * advantages).neg();
        return reference is null || KlCoefficient == 0 ? loss : loss.Plus(Divergence(logProbabilities, reference).Times(KlCoefficient));
    }

    /// <summary>Which tokens get no gradient because their ratio is clipped: bool, [tokens].</summary>
    public Tensor IsClipped(Tensor ratio, Tensor advantages) =>
        ratio.IsAbove(1 + ClipHigh).logical_and(advantages.IsAbove(0)).logical_or(ratio.IsBelow(1 - ClipLow).logical_and(advantages.IsBelow(0)));

    /// <summary>
    /// The probability of each token under the trained policy, divided by that under the policy that sampled it:
    /// [tokens].
    /// </summary>
    public static Tensor Ratio(Tensor logProbabilities, Tensor behaviour) => (logProbabilities - behaviour).exp();

    /// <summary>
    /// Schulman's estimator k3 of KL(policy, reference): r - 1 - ln r with r = reference / policy. It is never
    /// negative, and unbiased.
    /// </summary>
    public static Tensor Divergence(Tensor logProbabilities, Tensor reference)
    {
        var difference = (reference - logProbabilities).Within(-20, 20);
        return difference.exp().Plus(-1) - difference;
    }
}
