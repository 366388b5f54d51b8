using static TorchSharp.torch;

namespace Experiments.Contracts.Torch;

/// <summary>Rows that contain several documents, as passed to <see cref="LanguageModel.States"/>.</summary>
public static class DocumentRows
{
    /// <summary>The index at which the document of each position begins in its row.</summary>
    /// <param name="documents">[batch, time], int64: the number of the document, increasing along a row.</param>
    /// <returns>[batch, time], int64.</returns>
    public static Tensor Begins(Tensor documents)
    {
        var (batch, time, device) = (documents.shape[0], documents.shape[1], documents.device);
        var isFirst = cat([ones(batch, 1, dtype: ScalarType.Bool, device: device), documents.narrow(1, 1, time - 1).ne(documents.narrow(1, 0, time - 1))], 1);
        return where(isFirst, arange(time, device: device).unsqueeze(0), tensor(0L, device: device)).cummax(1).values.contiguous();
    }
}
