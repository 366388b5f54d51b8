using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>Work in parallel on the threads that libtorch itself uses.</summary>
/// <remarks>
/// Between two operations libtorch's threads (OpenMP's, in libgomp) wait actively, so threads of .NET would fight with them for the cores. Work given to OpenMP begins on them
/// at once. Where libgomp isn't found (not Linux) the parts run one after the other; what they compute must not depend on it.
/// </remarks>
public static unsafe class TorchThreads
{
    private static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel;
    private static readonly delegate* unmanaged<int> ThreadNumber;

    static TorchThreads()
    {
        _ = get_num_threads(); // libtorch is loaded now
        if (Loaded() is { } path && NativeLibrary.TryLoad(path, out var library))
        {
            Parallel = (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)NativeLibrary.GetExport(library, "GOMP_parallel");
            ThreadNumber = (delegate* unmanaged<int>)NativeLibrary.GetExport(library, "omp_get_thread_num");
        }
    }

    /// <summary>Threads that one operation of libtorch uses.</summary>
    public static int Count => get_num_threads();

    /// <summary>Whether parts run side by side here.</summary>
    public static bool IsParallel => Parallel is not null;

    /// <summary>Calls the body once with each of 0 ... parts - 1 and returns when all have returned. It must not throw: the process would end.</summary>
    /// <param name="parts">Parts; as many as <see cref="Count"/> at most run side by side.</param>
    /// <param name="body">The work of a part; it must not run parallel work itself.</param>
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

    /// <summary>Cuts a range into even pieces, one a thread, each a multiple of the grain but for the last.</summary>
    /// <param name="length">The range is 0 to this.</param>
    /// <param name="grain">What is never cut.</param>
    /// <param name="body">Takes start and end of a piece.</param>
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

    /// <summary>The libgomp that libtorch has loaded: its file name carries a hash.</summary>
    private static string? Loaded() => OperatingSystem.IsLinux()
        ? File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..]).FirstOrDefault(path => Path.GetFileName(path).StartsWith("libgomp", StringComparison.Ordinal))
        : null;

    private sealed record Work(Action<int> Body, int Parts, int Threads);
}
