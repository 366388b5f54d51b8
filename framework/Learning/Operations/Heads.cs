using Experiments.Contracts.Torch;
using Experiments.Learning.Operations.Kernels;
using static TorchSharp.torch;

namespace Experiments.Learning.Operations;

/// <summary>
/// Splits the joint projection of an attention layer into heads, and merges heads. In comments: B rows, T positions, H
/// heads of queries, K heads of keys and values, W width of a head.
/// </summary>
public static class Heads
{
    /// <summary>
    /// Splits the joint projection into queries, keys and values, and rotates queries and keys by their positions.
    /// </summary>
    /// <param name="joint">[B, T, (H + 2K) · W]: queries, then keys, then values.</param>
    /// <param name="heads">Number of query heads, H.</param>
    /// <param name="sharedHeads">Number of heads of keys and values, K.</param>
    /// <param name="rotation">
    /// The rotation, which pairs the halves of a head as Hugging Face's Llama does; null for none.
    /// </param>
    /// <returns>[B, H, T, W], [B, K, T, W], [B, K, T, W].</returns>
    public static (Tensor Queries, Tensor Keys, Tensor Values) Split(
        Tensor joint, int heads, int sharedHeads, Rotation? rotation)
    {
        var (batch, time) = (joint.shape[0], joint.shape[1]);
        if (Fused.Takes(joint, joint.shape[2] / (heads + (2 * sharedHeads)) / 2))
        {
            joint = joint.contiguous();
            var parts = is_grad_enabled() && joint.requires_grad
                ? SplitHeadsFunction.apply(joint, heads, sharedHeads, rotation?.Cosine!, rotation?.Sine!)
                : SplitHeadsFunction.Forward(joint, heads, sharedHeads, rotation);
            return (parts[0], parts[1], parts[2]);
        }

        var all = joint.view(batch, time, heads + (2 * sharedHeads), -1).transpose(1, 2); // [B, H + 2K, T, W]
        var turned = all.narrow(1, 0, heads + sharedHeads);
        turned = rotation is null ? turned : Turn(turned, rotation);
        return (turned.narrow(1, 0, heads), turned.narrow(1, heads, sharedHeads), all.narrow(1, heads + sharedHeads, sharedHeads));
    }

    /// <summary>Rotates each pair (x[i], x[i + W/2]) by the angle of its position.</summary>
    /// <param name="x">[B, heads, T, W].</param>
    /// <param name="rotation">The rotation.</param>
    public static Tensor Turn(Tensor x, Rotation rotation)
    {
        var (time, half) = (x.shape[2], x.shape[3] / 2);
        if (Fused.Takes(x, half))
        {
            x = x.contiguous();
            return is_grad_enabled() && x.requires_grad
                ? TurnFunction.apply(x, rotation.Cosine, rotation.Sine)
                : TurnFunction.Turn(x, rotation, isBack: false);
        }

        var (left, right) = (x.narrow(3, 0, half), x.narrow(3, half, half));
        var (cosine, sine) = (Shaped(rotation.Cosine), Shaped(rotation.Sine)); // [1 or B, 1, T, W/2]
        return cat([left * cosine - right * sine, (left * sine).Plus(right * cosine)], 3);

        Tensor Shaped(Tensor table) => table.view(-1, 1, time, half).to(x.dtype);
    }

    /// <summary>Concatenates heads.</summary>
    /// <param name="mixed">[B, H, T, W].</param>
    /// <returns>[B, T, H · W].</returns>
    public static Tensor Merge(Tensor mixed)
    {
        if (!Fused.Takes(mixed, mixed.shape[3]))
        {
            return mixed.transpose(1, 2).flatten(2);
        }

        mixed = mixed.contiguous();
        return is_grad_enabled() && mixed.requires_grad
            ? MergeHeadsFunction.apply(mixed)
            : MergeHeadsFunction.Forward(mixed);
    }
}
