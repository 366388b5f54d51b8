using Experiments.Contracts.Torch;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Alignment;

/// <summary>Rollouts as tensors over their sampled tokens.</summary>
internal sealed class PolicyBatch(IReadOnlyList<Rollout> rollouts, double temperature, Device device)
{
    private readonly LearnedTokens _tokens = new([.. rollouts.Select(rollout => rollout.Sequence)], device);

    /// <summary>Log-probabilities of the tokens when they were sampled.</summary>
    public Tensor Behaviour { get; } = tensor(rollouts.SelectMany(rollout => rollout.Completion.LogProbabilities).ToArray(), device: device);

    /// <summary>The advantage of each token: that of its rollout.</summary>
    public Tensor Advantages { get; } = tensor(rollouts.SelectMany(rollout => Enumerable.Repeat((float)rollout.Advantage, rollout.Completion.Tokens.Length)).ToArray(), device: device);

    /// <summary>Log-probabilities of every token of the vocabulary where one was sampled, under the distribution that sampling draws from: [tokens, vocabulary].</summary>
    public Tensor Distributions(LanguageModel model) => nn.functional.log_softmax(_tokens.Logits(model).to(ScalarType.Float32).Times(1 / temperature), -1);

    /// <summary>Those of the sampled tokens: [tokens].</summary>
    public Tensor OfSampled(Tensor distributions) => distributions.gather(1, _tokens.Targets.unsqueeze(1)).squeeze(1);
}
