using Experiments.Contracts.Torch;
using Experiments.Learning.Operations;

using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Experiments.Learning.Decoding.Device;

/// <summary>
/// One pass of tokens through a transformer. In comments: B sequences, T new tokens per sequence, S positions including
/// cached ones, D width, H heads of queries, K heads of keys and values, W width of a head.
/// </summary>
internal sealed class DevicePass(TransformerWeights weights)
{
    // Finite, so that nothing becomes NaN; so low that softmax gives zero, in bfloat16 too.
    private const double Hidden = -1e9;

    /// <summary>Reads tokens.</summary>
    /// <param name="ids">[B, T], int64.</param>
    /// <param name="positions">[B, T], int64.</param>
    /// <param name="slots">[B], int64: the slots of the sequences in the cache.</param>
    /// <param name="length">S.</param>
    /// <param name="cache">The cache.</param>
    /// <returns>[B, vocabulary]: the logits after the last token of each sequence.</returns>
    public Tensor Compute(Tensor ids, Tensor positions, Tensor slots, long length, DeviceCache cache)
    {
        var (batch, time) = (ids.shape[0], ids.shape[1]);
        var x = weights.Embedding.index_select(0, ids.flatten()).view(batch, time, -1); // [B, T, D]
        x = weights.Positions is null
            ? x
            : x.Plus(weights.Positions.index_select(0, positions.flatten()).view(batch, time, -1));
        var rotation = weights.Frequencies?.At(positions.flatten());
        var hidden = arange(length, device: ids.device).view(1, 1, length).gt(positions.unsqueeze(2)); // [B, T, S]
        var mask = hidden.to(x.dtype).Times(Hidden).repeat(1, weights.Heads / weights.SharedHeads, 1).unsqueeze(1); // [B, 1, H/K · T, S]
        foreach (var (index, layer) in weights.Layers.Index())
        {
            x = x.Plus(Attend(layer, index, Norm(x, layer.AttentionNorm)));
            x = x.Plus(Linear(Activations.Apply(weights.FeedForward, Linear(Norm(x, layer.FeedForwardNorm), layer.Up)), layer.Down));
        }

        return weights.Head.Logits(Norm(x.narrow(1, time - 1, 1).squeeze(1), weights.Norm));

        Tensor Attend(TransformerLayerWeights layer, int index, Tensor normal)
        {
            var joint = Linear(normal, layer.Joint).view(batch, time, weights.Heads + (2 * weights.SharedHeads), weights.HeadWidth).transpose(1, 2);
            var queries = Turned(joint.narrow(1, 0, weights.Heads), layer.QueryNorm); // [B, H, T, W]
            var keys = cache.Extend(2 * index, Turned(joint.narrow(1, weights.Heads, weights.SharedHeads), layer.KeyNorm), slots, positions, length); // [B, K, S, W]
            var values = cache.Extend(
                (2 * index) + 1, joint.narrow(1, weights.Heads + weights.SharedHeads, weights.SharedHeads), slots,
                positions, length);
            var grouped = queries.reshape(batch, weights.SharedHeads, -1, weights.HeadWidth).Times(1 / Math.Sqrt(weights.HeadWidth)); // [B, K, H/K · T, W]
            var mixed = grouped.matmul(keys.transpose(2, 3)).Plus(mask).softmax(-1).matmul(values);
            return Linear(Heads.Merge(mixed.view(batch, weights.Heads, time, weights.HeadWidth)), layer.Output);
        }

        Tensor Turned(Tensor heads, NormWeights? norm)
        {
            var normal = norm is null ? heads : Norm(heads, norm);
            return rotation is null ? normal : Heads.Turn(normal, rotation);
        }
    }

    private static Tensor Linear(Tensor x, LinearWeights map) => linear(x, map.Weight, map.Bias);

    private static Tensor Norm(Tensor x, NormWeights norm) => norm.Kind == NormKind.Rmsnorm
        ? Normalization.Rms(x, norm.Gain, norm.Epsilon)
        : layer_norm(x, [x.shape[^1]], norm.Gain, norm.Bias, norm.Epsilon);
}
