using Experiments.Contracts.Torch;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Learning.Data;

/// <summary>Rows of tokens to train on.</summary>
/// <param name="Inputs">[rows, length], int64.</param>
/// <param name="Targets">
/// [rows, length], int64: the token that follows each position; negative if it is not learned.
/// </param>
/// <param name="Documents">
/// [rows, length], int64: the documents, as in <see cref="LanguageModel.States"/>; null if positions see their whole
/// row.
/// </param>
/// <param name="HasPadding">Whether some targets are negative.</param>
public sealed record TokenBatch(Tensor Inputs, Tensor Targets, Tensor? Documents, bool HasPadding)
{
    /// <summary>The target of a position that is not learned.</summary>
    public const long NoTarget = -100;

    /// <summary>Moves the batch to a device. A copy to a GPU is asynchronous.</summary>
    public TokenBatch To(Device device)
    {
        return device.type == TorchSharp.DeviceType.CPU ? this
            : this with
            {
                Inputs = Moved(Inputs), Targets = Moved(Targets), Documents = Documents is null ? null : Moved(Documents),
            };

        Tensor Moved(Tensor tensor) => tensor.pin_memory().to(device, non_blocking: true);
    }

    /// <summary>The summed loss of the learned tokens. Unit: nats.</summary>
    public Tensor Loss(LanguageModel model)
    {
        var (states, targets) = (model.States(Inputs, Documents).flatten(0, 1), Targets.flatten());
        if (!HasPadding)
        {
            return TokenLoss.Sum(model, states, targets);
        }

        var learned = targets.ge(tensor(0L, device: targets.device)).nonzero().squeeze(1);
        return TokenLoss.Sum(model, states.index_select(0, learned), targets.index_select(0, learned));
    }
}

/// <summary>Token shards as rows of equal length, in a fixed order.</summary>
public interface ITokenRows : IDisposable
{
    /// <summary>Number of rows.</summary>
    int Count { get; }

    /// <summary>Positions per row.</summary>
    int Length { get; }

    /// <summary>Number of positions in a row that predict a token.</summary>
    int Learned(int row);

    /// <summary>Reads rows.</summary>
    TokenBatch Read(ReadOnlySpan<int> rows);
}
