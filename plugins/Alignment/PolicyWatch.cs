using System.Globalization;
using Experiments.Contracts.Running;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment;

/// <summary>
/// Measures a policy update: entropy, KL divergence, share of clipped tokens. It also checks that sampling and training
/// compute the same probabilities.
/// </summary>
/// <param name="tolerance">
/// How far a ratio may be from 1 if the weights have not changed since sampling; null if they have.
/// </param>
internal sealed class PolicyWatch(double? tolerance)
{
    private double _entropy;
    private double _divergence;
    private double _clipped;
    private bool _hasReference;
    private long _tokens;

    /// <summary>Adds a part of the batch.</summary>
    /// <exception cref="InvalidOperationException">
    /// The model computes other probabilities in training than in sampling.
    /// </exception>
    public void See(Tensor distributions, Tensor sampled, Tensor? reference, PolicyBatch batch, PolicyLoss loss)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var ratio = PolicyLoss.Ratio(sampled, batch.Behaviour);
        if (tolerance is { } bound && ratio.Plus(-1).abs().max().item<float>() is var off && !(off <= bound))
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"Before the first update, the probability ratio of training to sampling must be 1, but it is off by {off}: decoding and training compute different probabilities."));
        }

        _tokens += sampled.numel();
        _entropy -= (distributions.exp() * distributions).sum().item<float>();
        _clipped += loss.IsClipped(ratio, batch.Advantages).sum().item<long>();
        if (reference is not null)
        {
            _divergence += PolicyLoss.Divergence(sampled, reference).sum().item<float>();
            _hasReference = true;
        }
    }

    /// <summary>Records the means over tokens.</summary>
    public void Log(IMetrics metrics, long step)
    {
        metrics.Log(MetricNames.Entropy, _entropy / _tokens, step);
        metrics.Log("clip_ratio", _clipped / _tokens, step);
        if (_hasReference)
        {
            metrics.Log(MetricNames.Kl, _divergence / _tokens, step);
        }
    }
}
