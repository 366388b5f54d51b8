using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>Rows of tokens to train on.</summary>
/// <param name="Inputs">[rows, length], int64.</param>
/// <param name="Targets">[rows, length], int64: for each position the token that follows; negative where none is learned.</param>
/// <param name="Documents">[rows, length], int64: what <see cref="LanguageModel.States"/> takes; null where a position may see its whole row.</param>
/// <param name="HasPadding">Whether some targets are negative.</param>
public sealed record TokenBatch(Tensor Inputs, Tensor Targets, Tensor? Documents, bool HasPadding)
{
    /// <summary>What stands as target where nothing is learned.</summary>
    public const long NoTarget = -100;

    /// <summary>The batch on the device of a model; a copy to a GPU goes on while the processor works.</summary>
    public TokenBatch To(Device device)
    {
        return device.type == TorchSharp.DeviceType.CPU ? this
            : this with { Inputs = Moved(Inputs), Targets = Moved(Targets), Documents = Documents is null ? null : Moved(Documents) };

        Tensor Moved(Tensor tensor) => tensor.pin_memory().to(device, non_blocking: true);
    }

    /// <summary>The summed loss of the learned tokens, in nats.</summary>
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

/// <summary>Token shards laid out as rows of equal length, in an order that depends on nothing but the shards.</summary>
public interface ITokenRows : IDisposable
{
    /// <summary>Rows in all.</summary>
    int Count { get; }

    /// <summary>Positions a row.</summary>
    int Length { get; }

    /// <summary>Positions of a row that predict a token.</summary>
    int Learned(int row);

    /// <summary>Reads rows.</summary>
    TokenBatch Read(ReadOnlySpan<int> rows);
}
