using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>
/// A causal language model written as a function of whole sequences, for an architecture that has no decoder of its
/// own. Decoding recomputes all positions for each token, which is slower but gives the same results.
/// </summary>
public abstract class SequenceModel : LanguageModel
{
    /// <summary>Registers the modules and parameters in fields that have an initializer.</summary>
    /// <param name="name">The name of the module.</param>
    /// <param name="vocabularySize">Number of logits per position.</param>
    /// <param name="contextLength">The longest sequence. Unit: tokens.</param>
    protected SequenceModel(string name, int vocabularySize, int contextLength)
        : base(name, vocabularySize, contextLength) => RegisterComponents();

    /// <summary>
    /// The state of every position. It must depend only on the position's token and the tokens before it.
    /// </summary>
    /// <param name="ids">[batch, time], int64; every row is one sequence from its first token on.</param>
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

    /// <summary>Puts each document into its own row, padded on the right, and puts the states back in place.</summary>
    private Tensor Apart(Tensor ids, Tensor documents)
    {
        var (batch, time) = (ids.shape[0], ids.shape[1]);
        var column = (arange(time, device: ids.device).unsqueeze(0) - DocumentRows.Begins(documents)).flatten(); // [batch · time]
        var isFirst = column.eq(tensor(0L, device: ids.device));
        var row = isFirst.cumsum(0) - tensor(1L, device: ids.device); // one row per document
        var count = isFirst.sum().item<long>();
        var longest = column.max().item<long>() + 1;
        var place = (row * tensor(longest, device: ids.device)).Plus(column);
        var rows =
            zeros(count * longest, dtype: ScalarType.Int64, device: ids.device).index_copy(0, place, ids.flatten());
        var states = SequenceStates(rows.view(-1, longest)); // [documents, longest, width]
        return states.flatten(0, 1).index_select(0, place).view(batch, time, -1);
    }
}
