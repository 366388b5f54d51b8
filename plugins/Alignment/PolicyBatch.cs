using Experiments.Contracts.Torch;
using Experiments.Learning.Training;
using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment;

/// <summary>Rollouts as tensors, with one entry for each sampled token.</summary>
internal sealed class PolicyBatch(IReadOnlyList<Rollout> rollouts, double temperature, Device device)
{
    private readonly LearnedTokens _tokens = new([.. rollouts.Select(rollout => rollout.Sequence)], device);

    /// <summary>Log-probabilities that the tokens had when they were sampled: [tokens].</summary>
    public Tensor Behaviour { get; } = tensor(rollouts.SelectMany(rollout => rollout.Completion.LogProbabilities).ToArray(), device: device);

    /// <summary>The advantage of each token, which is that of its rollout: [tokens].</summary>
    public Tensor Advantages { get; } = tensor(rollouts.SelectMany(rollout => Enumerable.Repeat((float)rollout.Advantage, rollout.Completion.Tokens.Length)).ToArray(), device: device);

    /// <summary>
    /// Log-probabilities of the whole vocabulary at each sampled token, at the temperature of sampling: [tokens,
    /// vocabulary].
    /// </summary>
    public Tensor Distributions(LanguageModel model) => nn.functional.log_softmax(_tokens.Logits(model).to(ScalarType.Float32).Times(1 / temperature), -1);

    /// <summary>The log-probabilities of the sampled tokens: [tokens].</summary>
    public Tensor OfSampled(Tensor distributions) => distributions.gather(1, _tokens.Targets.unsqueeze(1)).squeeze(1);
}
