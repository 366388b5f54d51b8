using System.Runtime.InteropServices;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>Settings of libtorch for the whole process. Every stage that trains or decodes calls <see cref="Start"/> before its first tensor.</summary>
/// <remarks>
/// On Linux, activations are kept by the allocator instead of being mapped and unmapped at every step, and float32 products go to oneDNN where
/// a self-test shows that they stay true float32: on processors other than Intel's that is more than twice as fast as MKL. Elsewhere both are
/// left as they are, and the results differ in the last bits only.
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

    /// <summary>Sets threads, allocator, the path of products, and libtorch's own generator.</summary>
    /// <param name="threads">Threads within one operation, at least 1. Another number gives other last bits.</param>
    /// <param name="seed">For libtorch's generator, from which this framework draws nothing but a model's first weights where its modules do.</param>
    public static void Start(int threads, ulong seed)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = mallopt(ArenaCount, 1); // other arenas give memory back at 64 MB, and every page that comes anew costs a fault
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

    /// <summary>The relative error (Frobenius) of a product of two 256 x 256 matrices of a type, against float64.</summary>
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

    /// <summary>Lets oneDNN take float32 products, or gives them back to libtorch's own choice. The setting allows less than float32, so it is kept only where products stay true (not with AMX).</summary>
    public static void RouteProducts(bool toOneDnn)
    {
        // The C++ names of libtorch 2.10: at::globalContext() and at::Context::setFloat32Precision(backend, operation, precision).
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
