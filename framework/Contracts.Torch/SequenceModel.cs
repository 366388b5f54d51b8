using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>
/// A causal language model that is written as a function of whole sequences, for an architecture without a cache of keys and values, or not yet
/// with one: while it decodes, all positions are computed anew for each token, which is slower and right.
/// </summary>
public abstract class SequenceModel : LanguageModel
{
    /// <summary>Registers the modules and parameters that stand in fields with an initial value.</summary>
    /// <param name="name">The name of the module.</param>
    /// <param name="vocabularySize">Logits a position.</param>
    /// <param name="contextLength">The longest sequence that it takes, in tokens.</param>
    protected SequenceModel(string name, int vocabularySize, int contextLength)
        : base(name, vocabularySize, contextLength) => RegisterComponents();

    /// <summary>The state of every position. That of a position depends on its own token and those before it.</summary>
    /// <param name="ids">[batch, time], int64; every row begins with its first token.</param>
    /// <returns>[batch, time, width].</returns>
    protected abstract Tensor SequenceStates(Tensor ids);

    /// <summary>A cache that holds the tokens themselves.</summary>
    public sealed override KeyValueCache CreateCache() => new(layers: 1);

    /// <inheritdoc/>
    public sealed override Tensor States(Tensor ids, KeyValueCache? cache = null, Tensor? valid = null)
    {
        using var scope = NewDisposeScope();
        var time = ids.shape[1];
        if (cache is not null)
        {
            var column = ids.unsqueeze(1).unsqueeze(3); // [batch, 1 head, time, width 1]
            ids = cache.Append(0, column, column).Keys.squeeze(3).squeeze(1); // [batch, cached + time]
        }

        var states = valid is null ? SequenceStates(ids) : Padded(ids, valid);
        return states.narrow(1, ids.shape[1] - time, time).MoveToOuterDisposeScope();
    }

    /// <summary>Moves the tokens of rows that are padded on the left to their beginning, and the states back. What stands behind a row's end concerns no state before it.</summary>
    private Tensor Padded(Tensor ids, Tensor valid)
    {
        var lengths = valid.sum(1, keepdim: true); // [batch, 1]
        var (total, longest) = (ids.shape[1], lengths.max().item<long>());
        var places = arange(total).unsqueeze(0); // [1, total]
        var padding = tensor(total).Plus(lengths.neg()); // [batch, 1]
        var moved = ids.gather(1, minimum(places.narrow(1, 0, longest).Plus(padding), tensor(total - 1))); // [batch, longest]
        var states = SequenceStates(moved); // [batch, longest, width]
        var back = maximum(places.Plus(padding.neg()), tensor(0L)); // [batch, total]
        return states.gather(1, back.unsqueeze(2).expand(-1, -1, states.shape[2]));
    }
}
