using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Experiments.Learning.Processors;

/// <summary>The memory of tensors of any size. (TorchSharp's <c>bytes</c> is limited to 2 GB.)</summary>
public static unsafe class TensorMemory
{
    private static readonly delegate* unmanaged<nint, void**, int> GetPointer =
        (delegate* unmanaged<nint, void**, int>)TorchLibrary.Export("aoti_torch_get_data_ptr");

    /// <summary>
    /// The address of the first number. The tensor must be contiguous in the processor's memory and live as long as the
    /// address is used.
    /// </summary>
    public static void* Pointer(Tensor tensor)
    {
        void* pointer;
        return GetPointer(tensor.Handle, &pointer) == 0
            ? pointer
            : throw new InvalidOperationException("libtorch gives no address for this tensor.");
    }
}

/// <summary>libtorch's library, for functions that TorchSharp does not bind.</summary>
internal static class TorchLibrary
{
    private static readonly nint Handle = Load();

    /// <summary>The address of a function, or 0 if this libtorch does not have it.</summary>
    public static nint Find(string name) =>
        Handle != 0 && NativeLibrary.TryGetExport(Handle, name, out var address) ? address : 0;

    /// <summary>The address of a required function.</summary>
    public static nint Export(string name) => Find(name) is var address and not 0
        ? address
        : throw new EntryPointNotFoundException($"libtorch has no function {name}. This program needs libtorch 2.10.");

    private static nint Load()
    {
        _ = get_num_threads(); // makes TorchSharp load libtorch
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        return NativeLibrary.TryLoad(name, typeof(TorchSharp.torch).Assembly, null, out var handle) ? handle : 0;
    }
}
