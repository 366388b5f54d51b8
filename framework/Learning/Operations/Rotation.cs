using static TorchSharp.torch;

namespace Experiments.Learning.Operations;

/// <summary>
/// Frequencies of the rotary position embedding (RoPE, Su et al. 2021): pair i of a head is rotated by base^(-2i/width)
/// per position.
/// </summary>
public sealed class RotaryFrequencies
{
    private readonly double[] _frequencies;
    private readonly Dictionary<Device, Tensor> _onDevice = [];

    /// <summary>The usual frequencies.</summary>
    /// <param name="headWidth">Width of a head, even.</param>
    /// <param name="ropeBase">The base, such as 10000.</param>
    public RotaryFrequencies(int headWidth, double ropeBase)
        : this([.. Enumerable.Range(0, headWidth / 2).Select(pair => Math.Pow(ropeBase, -2.0 * pair / headWidth))])
    {
    }

    /// <summary>Uses given frequencies, one per pair. Unit: radians per position.</summary>
    public RotaryFrequencies(double[] frequencies) => _frequencies = frequencies;

    /// <summary>The frequencies, one per pair. Unit: radians per position.</summary>
    public IReadOnlyList<double> Values => _frequencies;

    /// <summary>The rotation at given positions.</summary>
    /// <param name="positions">[positions], int64.</param>
    public Rotation At(Tensor positions)
    {
        if (!_onDevice.TryGetValue(positions.device, out var frequencies))
        {
            _onDevice[positions.device] = frequencies = tensor(_frequencies, device: positions.device)
                .DetachFromDisposeScope();
        }

        var angles = positions.to(ScalarType.Float64).unsqueeze(1) * frequencies; // [positions, W/2]
        return new(angles.cos().to(ScalarType.Float32), angles.sin().to(ScalarType.Float32));
    }
}

/// <summary>Rotates queries and keys by their positions.</summary>
/// <param name="Cosine">
/// [time, width/2] if all rows have the same positions, otherwise [batch · time, width/2]; float32.
/// </param>
/// <param name="Sine">As the cosine.</param>
public sealed record Rotation(Tensor Cosine, Tensor Sine);
