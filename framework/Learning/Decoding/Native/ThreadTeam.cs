using System.Runtime.Intrinsics.X86;
using Experiments.Learning.Processors;

namespace Experiments.Learning.Decoding.Native;

/// <summary>
/// Threads that do one piece of work together and wait for each other at barriers. There is one parallel region per
/// pass and not one per product, because entering a region can cost more than a product of one token.
/// </summary>
internal sealed class ThreadTeam
{
    private const int SpinsBeforeYield = 1 << 10;
    private int _arrived;
    private int _round;

    /// <summary>Uses as many threads as libtorch if they really run in parallel, otherwise one.</summary>
    public ThreadTeam()
    {
        Count = TorchThreads.IsParallel ? TorchThreads.Count : 1;
        var threads = new int[Count];
        TorchThreads.Run(Count, part => threads[part] = Environment.CurrentManagedThreadId);
        Count = threads.Distinct().Count() == Count ? Count : 1;
    }

    /// <summary>Number of threads.</summary>
    public int Count { get; }

    /// <summary>Calls the body on every thread, with the thread's number. The body must not throw.</summary>
    public void Run(Action<int> body) => TorchThreads.Run(Count, body);

    /// <summary>Waits until every thread has called this.</summary>
    public void Meet()
    {
        if (Count == 1)
        {
            return;
        }

        var round = Volatile.Read(ref _round);
        if (Interlocked.Increment(ref _arrived) == Count)
        {
            Volatile.Write(ref _arrived, 0);
            Volatile.Write(ref _round, round + 1);
            return;
        }

        for (var spins = 1; Volatile.Read(ref _round) == round; spins++)
        {
            if (spins % SpinsBeforeYield == 0)
            {
                Thread.Yield();
            }
            else if (X86Base.IsSupported)
            {
                X86Base.Pause();
            }
        }
    }

    /// <summary>A thread's share of a range, in multiples of the grain except at the end.</summary>
    public (int Start, int End) Share(int thread, int length, int grain)
    {
        var grains = (length + grain - 1) / grain;
        return (Edge(thread), Edge(thread + 1));

        int Edge(int number) => Math.Min(length, (int)((long)grains * number / Count * grain));
    }
}
