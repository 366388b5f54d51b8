using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>Tables of the rotary position embedding (Su et al. 2021), with the halves of a head paired as in Hugging Face's Llama.</summary>
internal sealed class RotaryPositions : IDisposable
{
    private readonly Tensor _cosine; // [context, W]
    private readonly Tensor _sine; // [context, W]

    public RotaryPositions(int context, int headWidth, double ropeBase)
    {
        using var scope = NewDisposeScope();
        var exponents = arange(0, headWidth, 2, ScalarType.Float64).Times(1.0 / headWidth);
        var frequencies = exponents.Times(-Math.Log(ropeBase)).exp(); // base^(-2i/W)
        var half = arange(context, dtype: ScalarType.Float64).unsqueeze(1) * frequencies; // [context, W/2]
        var angles = cat([half, half], 1);
        _cosine = angles.cos().to(ScalarType.Float32).DetachFromDisposeScope();
        _sine = angles.sin().to(ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>The rotation of new positions: without padding those behind the cached ones, with padding each row's own.</summary>
    public Rotation Take(long past, long time, Tensor? valid)
    {
        if (valid is null)
        {
            return new(_cosine.narrow(0, past, time), _sine.narrow(0, past, time)); // [T, W]
        }

        var positions = (valid.cumsum(1) - valid.to(ScalarType.Int64)).narrow(1, past, time).reshape(-1); // [B·T]: valid tokens before
        return new(Rows(_cosine), Rows(_sine));

        Tensor Rows(Tensor table) => table.index_select(0, positions).view(valid.shape[0], 1, time, -1); // [B, 1, T, W]
    }

    public void Dispose()
    {
        _cosine.Dispose();
        _sine.Dispose();
    }
}

/// <summary>Turns queries and keys by their positions.</summary>
internal sealed record Rotation(Tensor Cosine, Tensor Sine)
{
    /// <summary>Turns each pair (x[i], x[i + W/2]) by its angle. x is [B, heads, T, W].</summary>
    public Tensor Apply(Tensor x)
    {
        var half = x.shape[3] / 2;
        var turned = cat([x.narrow(3, half, half).neg(), x.narrow(3, 0, half)], 3);
        return (x * Cosine).Plus(turned * Sine);
    }
}
