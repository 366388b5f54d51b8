using System.Runtime.Intrinsics.X86;

namespace Experiments.Learning;

/// <summary>
/// Threads that go through one piece of work side by side and wait for each other on the way: one parallel region a token instead of one a product, for entering a region costs more than
/// many a product of one token.
/// </summary>
internal sealed class ThreadTeam
{
    private const int SpinsBeforeYield = 1 << 10;
    private int _arrived;
    private int _round;

    /// <summary>As many threads as libtorch uses, where they really run side by side; otherwise one.</summary>
    public ThreadTeam()
    {
        Count = TorchThreads.IsParallel ? TorchThreads.Count : 1;
        var threads = new int[Count];
        TorchThreads.Run(Count, part => threads[part] = Environment.CurrentManagedThreadId);
        Count = threads.Distinct().Count() == Count ? Count : 1;
    }

    /// <summary>Threads.</summary>
    public int Count { get; }

    /// <summary>Calls the body on every thread with its number. It must not throw.</summary>
    public void Run(Action<int> body) => TorchThreads.Run(Count, body);

    /// <summary>Goes on when every thread has come here.</summary>
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

    /// <summary>A thread's share of a range, in whole grains but for the last.</summary>
    public (int Start, int End) Share(int thread, int length, int grain)
    {
        var grains = (length + grain - 1) / grain;
        return (Math.Min(length, (int)((long)grains * thread / Count * grain)), Math.Min(length, (int)((long)grains * (thread + 1) / Count * grain)));
    }
}
