using TorchSharp;
using static TorchSharp.torch;

namespace Experiments.Learning.Processors;

/// <summary>The number type that a model computes with.</summary>
public enum Precision
{
    /// <summary>bf16 if the processor or GPU multiplies it faster, otherwise float32.</summary>
    Auto,

    /// <summary>float32 throughout.</summary>
    Float32,

    /// <summary>bfloat16, with float32 master weights, optimizer state and loss.</summary>
    Bf16,
}

/// <summary>The device that a model computes on.</summary>
public enum ComputeDevice
{
    /// <summary>A GPU if there is one, otherwise the processor.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first NVIDIA GPU.</summary>
    Cuda,
}

/// <summary>The device and number type that a model computes with.</summary>
/// <param name="Device">The device.</param>
/// <param name="Type">float32 or bfloat16; float64 in tests.</param>
public sealed record Compute(Device Device, ScalarType Type)
{
    private const double GoodBf16 = 1e-2;

    /// <summary>float32 on the processor.</summary>
    public static Compute Float32 { get; } = new(CPU, ScalarType.Float32);

    /// <summary>
    /// Chooses by the settings and the machine. Before bfloat16 is used on the processor, a product is compared with
    /// float64.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// There is no GPU, or the machine's bfloat16 products are wrong.
    /// </exception>
    public static Compute Choose(Precision precision, ComputeDevice device)
    {
        var hasGpu = device != ComputeDevice.Cpu && cuda.is_available();
        if (device == ComputeDevice.Cuda && !hasGpu)
        {
            throw new InvalidDataException("device: cuda, but libtorch sees no GPU. Build with -p:Torch=cuda on a machine with a GPU, or set device: cpu.");
        }

        var isBf16 = precision == Precision.Bf16
            || (precision == Precision.Auto && (hasGpu || ProcessorFeatures.MultipliesBf16));
        var isRight = !isBf16 || hasGpu || TorchRuntime.ProductError(ScalarType.BFloat16) < GoodBf16;
        return isRight ? new(hasGpu ? CUDA : CPU, isBf16 ? ScalarType.BFloat16 : ScalarType.Float32)
            : precision == Precision.Auto ? Float32
            : throw new InvalidDataException("precision: bf16, but this machine's bfloat16 products are wrong by more than 1 %. Set precision: float32.");
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var numbers = Type == ScalarType.BFloat16
            ? "bfloat16 with float32 master weights"
            : $"{Type}".ToLowerInvariant();
        return Device.type == DeviceType.CPU
            ? $"{numbers} on {ProcessorFeatures.Products(Type)}"
            : $"{numbers} on {Device}";
    }
}
