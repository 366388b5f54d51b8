using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>
/// A causal language model that is written as a function of whole sequences, for an architecture without a decoder of its own, or not yet with one:
/// while it decodes, all positions are computed anew for each token, which is slower and right.
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

    /// <inheritdoc/>
    public sealed override Tensor States(Tensor ids, Tensor? documents = null)
    {
        if (documents is null)
        {
            return SequenceStates(ids);
        }

        using var scope = NewDisposeScope();
        return Apart(ids, documents).MoveToOuterDisposeScope();
    }

    /// <summary>Gives each document a row of its own, padded on the right, where nothing looks, and brings the states back.</summary>
    private Tensor Apart(Tensor ids, Tensor documents)
    {
        var (batch, time) = (ids.shape[0], ids.shape[1]);
        var column = (arange(time, device: ids.device).unsqueeze(0) - DocumentRows.Begins(documents)).flatten(); // [batch · time]
        var isFirst = column.eq(tensor(0L, device: ids.device));
        var row = isFirst.cumsum(0) - tensor(1L, device: ids.device); // a row for each document
        var count = isFirst.sum().item<long>();
        var longest = column.max().item<long>() + 1;
        var place = (row * tensor(longest, device: ids.device)).Plus(column);
        var rows = zeros(count * longest, dtype: ScalarType.Int64, device: ids.device).index_copy(0, place, ids.flatten());
        var states = SequenceStates(rows.view(-1, longest)); // [documents, longest, width]
        return states.flatten(0, 1).index_select(0, place).view(batch, time, -1);
    }
}
