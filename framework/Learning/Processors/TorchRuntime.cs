using System.Runtime.InteropServices;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning.Processors;

/// <summary>
/// Settings of libtorch for the whole process. Every stage that trains or decodes calls <see cref="Start"/> before its
/// first tensor.
/// </summary>
/// <remarks>
/// On Linux, the allocator keeps the memory of activations instead of mapping and unmapping it at every step. On Linux
/// and x64, oneDNN computes float32 products if a self-test shows that they stay true float32; on processors not made
/// by Intel that is more than twice as fast as MKL. Elsewhere nothing is changed, and results differ only in the last
/// bits.
/// </remarks>
public static unsafe partial class TorchRuntime
{
    private const int ArenaCount = -8;
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int OneDnn = 2;
    private const int Matmul = 3;
    private const int Ieee = 1;
    private const int AllowBf16 = 3;
    private const double TrueFloat32 = 1e-5;

    /// <summary>Sets threads, allocator, the library for products, and libtorch's random generator.</summary>
    /// <param name="threads">
    /// Threads per operation, at least 1. Another number changes the last bits of results.
    /// </param>
    /// <param name="seed">
    /// The seed of libtorch's generator. It is used only by modules that draw their own initial weights.
    /// </param>
    public static void Start(int threads, ulong seed)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = mallopt(ArenaCount, 1); // other arenas return memory at 64 MB, and each new page costs a fault
            _ = mallopt(MapThreshold, 1 << 30);
            _ = mallopt(TrimThreshold, 2_000_000_000);
        }

        set_num_threads(threads);
        manual_seed((long)(seed >> 1));
        if (OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            RouteProducts(toOneDnn: true);
        }
    }

    /// <summary>
    /// The relative error (Frobenius norm) of a product of two 256 x 256 matrices of a type, compared with float64.
    /// </summary>
    public static double ProductError(ScalarType type)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var numbers = arange(256 * 256, dtype: ScalarType.Float64);
        var left = numbers.square().Times(0.7).sin().view(256, 256);
        var right = numbers.square().Times(1.3).cos().view(256, 256);
        var truth = left.to(type).to(ScalarType.Float64).mm(right.to(type).to(ScalarType.Float64));
        var product = left.to(type).mm(right.to(type)).to(ScalarType.Float64);
        return (product - truth).norm().item<double>() / truth.norm().item<double>();
    }

    /// <summary>
    /// Lets oneDNN compute float32 products, or restores libtorch's default. The setting permits lower precision, so it
    /// is kept only if products stay true float32 (not with AMX).
    /// </summary>
    public static void RouteProducts(bool toOneDnn)
    {
        // The C++ names of libtorch 2.10: at::globalContext() and at::Context::setFloat32Precision(backend, operation,
        // precision).
        if (TorchLibrary.Find("_ZN2at13globalContextEv") is var globalContext and not 0
            && TorchLibrary.Find("_ZN2at7Context19setFloat32PrecisionENS_14Float32BackendENS_9Float32OpENS_16Float32PrecisionE") is var setPrecision and not 0)
        {
            var context = ((delegate* unmanaged<nint>)globalContext)();
            var set = (delegate* unmanaged<nint, int, int, int, void>)setPrecision;
            set(context, OneDnn, Matmul, toOneDnn ? AllowBf16 : Ieee);
            if (toOneDnn && ProductError(ScalarType.Float32) > TrueFloat32)
            {
                set(context, OneDnn, Matmul, Ieee);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);
}
