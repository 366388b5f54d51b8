using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using static TorchSharp.torch;

namespace Experiments.Learning.Processors;

/// <summary>
/// What this processor multiplies fast. oneDNN, which computes libtorch's products, selects its kernels by the same
/// features.
/// </summary>
public static class ProcessorFeatures
{
    private const int Avx512Bf16Bit = 1 << 5; // leaf 7.1, EAX
    private const int AmxBf16Bit = 1 << 22; // leaf 7.0, EDX

    /// <summary>
    /// Whether it multiplies pairs of bfloat16 in vectors (AVX512-BF16: Zen 4, Cooper Lake and later).
    /// </summary>
    public static bool HasAvx512Bf16 { get; } = Vector512.IsHardwareAccelerated && Leaf7(1).Eax is var eax
        && (eax & Avx512Bf16Bit) != 0;

    /// <summary>Whether it multiplies tiles of bfloat16 (AMX: Sapphire Rapids and later).</summary>
    public static bool HasAmxBf16 { get; } = (Leaf7(0).Edx & AmxBf16Bit) != 0;

    /// <summary>Whether it is an Arm processor with bfloat16 products (Neoverse V1, Apple M2 and later).</summary>
    public static bool HasArmBf16 { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        && OperatingSystem.IsLinux()
        && File.ReadLines("/proc/cpuinfo")
            .Any(line => line.StartsWith("Features", StringComparison.Ordinal) && line.Split(' ').Contains("bf16"));

    /// <summary>
    /// Whether products in bfloat16 are faster than in float32. Without these features they are emulated and many times
    /// slower.
    /// </summary>
    public static bool MultipliesBf16 => HasAvx512Bf16 || HasAmxBf16 || HasArmBf16;

    /// <summary>
    /// Whether a model computes in bfloat16 with these settings. It does not load libtorch, so <c>device: auto</c>
    /// counts as the processor.
    /// </summary>
    public static bool TakesBf16(Precision precision, ComputeDevice device) =>
        precision == Precision.Bf16
            || (precision == Precision.Auto && (device == ComputeDevice.Cuda || MultipliesBf16));

    /// <summary>The processor feature that computes products of a type, for people.</summary>
    public static string Products(ScalarType type) => (type, RuntimeInformation.ProcessArchitecture) switch
    {
        (ScalarType.BFloat16, _) when HasAmxBf16 => "AMX",
        (ScalarType.BFloat16, _) when HasAvx512Bf16 => "AVX512-BF16",
        (ScalarType.BFloat16, _) when HasArmBf16 => "Arm BF16",
        (ScalarType.BFloat16, _) => "a processor without bfloat16 products, which emulates them slowly",
        (_, Architecture.X64) when Vector512.IsHardwareAccelerated => "AVX-512",
        (_, Architecture.X64) when Vector256.IsHardwareAccelerated => "AVX2",
        var (_, architecture) => $"{architecture}",
    };

    private static (int Eax, int Edx) Leaf7(int subleaf)
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7 || (subleaf > 0 && X86Base.CpuId(7, 0).Eax < subleaf))
        {
            return (0, 0);
        }

        var (eax, _, _, edx) = X86Base.CpuId(7, subleaf);
        return (eax, edx);
    }
}
