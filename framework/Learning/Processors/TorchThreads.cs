using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Experiments.Learning.Processors;

/// <summary>Runs work in parallel on the threads that libtorch uses.</summary>
/// <remarks>
/// Between operations, libtorch's threads (OpenMP, in libgomp) wait actively, so .NET threads would compete with them
/// for the cores. Work given to OpenMP starts on them at once. Without libgomp (not on Linux) the parts run one after
/// another; their results must not depend on that.
/// </remarks>
public static unsafe class TorchThreads
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel;
    private static readonly delegate* unmanaged<int> ThreadNumber;

    static TorchThreads()
    {
        _ = get_num_threads(); // loads libtorch
        if (Loaded() is { } path && NativeLibrary.TryLoad(path, out var library))
        {
            Parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)NativeLibrary.GetExport(library, "GOMP_parallel");
            ThreadNumber = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "omp_get_thread_num");
        }
    }

    /// <summary>Number of threads that an operation of libtorch uses.</summary>
    public static int Count => get_num_threads();

    /// <summary>Whether parts run in parallel on this machine.</summary>
    public static bool IsParallel => Parallel is not null;

    /// <summary>
    /// Calls the body once with each of 0 ... parts - 1, and returns when all calls have returned. The body must not
    /// throw: that would end the process.
    /// </summary>
    /// <param name="parts">Number of parts; at most <see cref="Count"/> run in parallel.</param>
    /// <param name="body">The work of a part. It must not start parallel work.</param>
    public static void Run(int parts, Action<int> body)
    {
        var threads = Math.Min(parts, Count);
        if (threads <= 1 || Parallel is null)
        {
            for (var part = 0; part < parts; part++)
            {
                body(part);
            }

            return;
        }

        var work = new Work(body, parts, threads);
        var handle = GCHandle.Alloc(work);
        Parallel(&Enter, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        handle.Free();
    }

    /// <summary>Splits a range into even pieces, one per thread. All but the last are multiples of the grain.</summary>
    /// <param name="length">The end of the range, which starts at 0.</param>
    /// <param name="grain">The size of blocks that are never split.</param>
    /// <param name="body">Gets start and end of a piece.</param>
    public static void ForRange(int length, int grain, Action<int, int> body)
    {
        var grains = (length + grain - 1) / grain;
        var parts = Math.Clamp(grains, 1, Count);
        Run(parts, part => body(
            (int)Math.Min(length, (long)grains * part / parts * grain),
            (int)Math.Min(length, (long)grains * (part + 1) / parts * grain)));
    }

    [UnmanagedCallersOnly]
    private static void Enter(void* handle)
    {
        var work = (Work)GCHandle.FromIntPtr((nint)handle).Target!;
        for (var part = ThreadNumber(); part < work.Parts; part += work.Threads)
        {
            work.Body(part);
        }
    }

    /// <summary>The path of the libgomp that libtorch has loaded; its file name contains a hash.</summary>
    private static string? Loaded() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(path => Path.GetFileName(path).StartsWith("libgomp", StringComparison.Ordinal))
        : null;

    private sealed record Work(Action<int> Body, int Parts, int Threads);
}
