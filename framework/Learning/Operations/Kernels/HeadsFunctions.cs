using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace Experiments.Learning.Operations.Kernels;

/// <summary>
/// Splits a joint projection into heads and rotates queries and keys. Inputs: joint, H, K, cosine and sine or null.
/// </summary>
internal sealed class SplitHeadsFunction : MultiTensorFunction<SplitHeadsFunction>
{
    public override string Name => nameof(SplitHeadsFunction);

    public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
    {
        var rotation = vars[3] is Tensor cosine ? new Rotation(cosine, (Tensor)vars[4]) : null;
        ctx.save_for_backward(rotation is null ? [] : [rotation.Cosine, rotation.Sine]);
        return Forward((Tensor)vars[0], (int)vars[1], (int)vars[2], rotation);
    }

    public static List<Tensor> Forward(Tensor joint, int heads, int shared, Rotation? rotation)
    {
        var width = (int)(joint.shape[2] / (heads + (2 * shared)));
        return [Part(joint, 0, heads, width, rotation), Part(joint, heads, shared, width, rotation), Part(joint, heads + shared, shared, width, null)];
    }

    /// <summary>Copies some heads of a projection: [B, count, T, W].</summary>
    public static Tensor Part(Tensor joint, int first, int count, int width, Rotation? rotation)
    {
        var (batch, time) = ((int)joint.shape[0], (int)joint.shape[1]);
        var part = empty([batch, count, time, width], joint.dtype);
        HeadsKernel.Copy(
            joint.dtype, HeadsKernel.Projection(joint, first, width), HeadsKernel.Attention(part),
            (batch, count, time, width), rotation, isBack: false);
        return part;
    }

    public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var rotation = ctx.get_saved_variables() is [var cosine, var sine] ? new Rotation(cosine, sine) : null;
        Tensor[] parts = [.. grad_outputs.Select(part => part.contiguous())];
        var (batch, time, width) = ((int)parts[0].shape[0], (int)parts[0].shape[2], (int)parts[0].shape[3]);
        var joint = empty([batch, time, parts.Sum(part => part.shape[1]) * width], parts[0].dtype);
        var first = 0;
        foreach (var (index, part) in parts.Index())
        {
            HeadsKernel.Copy(
                part.dtype, HeadsKernel.Attention(part), HeadsKernel.Projection(joint, first, width),
                (batch, (int)part.shape[1], time, width), index < 2 ? rotation : null, isBack: true);
            first += (int)part.shape[1];
        }

        return [joint, null!, null!, null!, null!];
    }
}

/// <summary>Concatenates heads. Input: [B, H, T, W].</summary>
internal sealed class MergeHeadsFunction : SingleTensorFunction<MergeHeadsFunction>
{
    public override string Name => nameof(MergeHeadsFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var heads = (Tensor)vars[0];
        ctx.save_data("width", heads.shape[3]);
        return Forward(heads);
    }

    public static Tensor Forward(Tensor heads)
    {
        var (batch, count, time, width) =
            ((int)heads.shape[0], (int)heads.shape[1], (int)heads.shape[2], (int)heads.shape[3]);
        var merged = empty([batch, time, count * width], heads.dtype);
        HeadsKernel.Copy(
            heads.dtype, HeadsKernel.Attention(heads), HeadsKernel.Projection(merged, 0, width),
            (batch, count, time, width), null, isBack: false);
        return merged;
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var (merged, width) = (grad_output.contiguous(), (long)ctx.get_data("width"));
        return [SplitHeadsFunction.Part(merged, 0, (int)(merged.shape[2] / width), (int)width, null)];
    }
}

/// <summary>Rotates heads by their positions. Inputs: [B, H, T, W], cosine, sine.</summary>
internal sealed class TurnFunction : SingleTensorFunction<TurnFunction>
{
    public override string Name => nameof(TurnFunction);

    public override Tensor forward(AutogradContext ctx, params object[] vars)
    {
        var (cosine, sine) = ((Tensor)vars[1], (Tensor)vars[2]);
        ctx.save_for_backward([cosine, sine]);
        return Turn((Tensor)vars[0], new(cosine, sine), isBack: false);
    }

    public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        return [Turn(grad_output.contiguous(), new(saved[0], saved[1]), isBack: true), null!, null!];
    }

    public static Tensor Turn(Tensor heads, Rotation rotation, bool isBack)
    {
        var turned = empty_like(heads);
        var size = ((int)heads.shape[0], (int)heads.shape[1], (int)heads.shape[2], (int)heads.shape[3]);
        HeadsKernel.Copy(
            heads.dtype, HeadsKernel.Attention(heads), HeadsKernel.Attention(turned), size, rotation, isBack);
        return turned;
    }
}
