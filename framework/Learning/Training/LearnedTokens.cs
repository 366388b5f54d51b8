using Experiments.Contracts.Torch;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Learning.Training;

/// <summary>A sequence of which only some tokens are learned.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Learned">Whether each token is learned; false for the first, which nothing predicts.</param>
public sealed record PartlyLearned(int[] Tokens, bool[] Learned)
{
    /// <summary>Number of learned tokens.</summary>
    public int LearnedCount => Learned.Count(isLearned => isLearned);
}

/// <summary>
/// A batch of sequences, padded on the right. Logits are computed only for learned tokens. Causal attention never sees
/// the padding, so no mask is needed, and tokens that are not learned have no gradient.
/// </summary>
public sealed class LearnedTokens
{
    /// <summary>Builds a batch.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="device">The device of the model.</param>
    public LearnedTokens(IReadOnlyList<PartlyLearned> rows, Device device)
    {
        var time = rows.Max(row => row.Tokens.Length) - 1;
        var inputs = new long[rows.Count * time];
        List<long> places = [];
        List<long> targets = [];
        foreach (var (index, row) in rows.Index())
        {
            for (var t = 0; t + 1 < row.Tokens.Length; t++)
            {
                inputs[(index * time) + t] = row.Tokens[t];
                if (row.Learned[t + 1])
                {
                    places.Add((index * time) + t);
                    targets.Add(row.Tokens[t + 1]);
                }
            }
        }

        Inputs = tensor(inputs, device: device).view(rows.Count, time);
        Places = tensor(places.ToArray(), device: device);
        Targets = tensor(targets.ToArray(), device: device);
    }

    /// <summary>[rows, time], int64.</summary>
    public Tensor Inputs { get; }

    /// <summary>
    /// The index, in the flattened rows, of the state that predicts each learned token: [learned], int64.
    /// </summary>
    public Tensor Places { get; }

    /// <summary>The learned tokens: [learned], int64.</summary>
    public Tensor Targets { get; }

    /// <summary>The states that predict the learned tokens: [learned, width].</summary>
    public Tensor States(LanguageModel model) => model.States(Inputs).flatten(0, 1).index_select(0, Places);

    /// <summary>The logits that predict the learned tokens: [learned, vocabulary].</summary>
    public Tensor Logits(LanguageModel model) => model.Logits(States(model));

    /// <summary>The summed loss of the learned tokens. Unit: nats.</summary>
    public Tensor Loss(LanguageModel model) => TokenLoss.Sum(model, States(model), Targets);
}
