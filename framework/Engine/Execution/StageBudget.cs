using Experiments.Engine.Recipes;

namespace Experiments.Engine.Execution;

/// <summary>
/// Divides threads and memory among the stages of a run, because libtorch is much slower when threads are
/// oversubscribed.
/// </summary>
/// <remarks>A stage that asks for more than the machine has runs alone.</remarks>
internal sealed class StageBudget(RunLimits limits)
{
    private int _threads = limits.Cores;
    private long _memory = limits.Memory;
    private int _stages;

    /// <summary>Reserves what a stage needs; null when that is not free.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="memory">The memory that it used last time, for a recipe that does not set it. Unit: bytes.</param>
    /// <param name="waiting">Number of stages that could start now, including this one. A stage that can use any number
    /// of threads leaves the others their share.</param>
    public Reservation? TryReserve(BoundStage stage, long memory, int waiting)
    {
        var wanted = stage.Run.Threads ?? (stage.Plugin.UsesTorch ? limits.ThreadsPerTraining : Math.Max(1, _threads / waiting));
        var reservation = new Reservation(wanted, Math.Min(wanted, limits.Cores), Math.Min(stage.Run.MemoryGb is { } given ? (long)(given * 1e9) : memory, limits.Memory));
        if (_stages == limits.Jobs || reservation.Held > _threads || reservation.Memory > _memory)
        {
            return null;
        }

        Move(reservation, -1);
        return reservation;
    }

    /// <summary>Returns what a stage reserved.</summary>
    public void Return(Reservation reservation) => Move(reservation, 1);

    private void Move(Reservation reservation, int sign)
    {
        _threads += sign * reservation.Held;
        _memory += sign * reservation.Memory;
        _stages -= sign;
    }
}

/// <summary>A stage's share of the machine.</summary>
/// <param name="Threads">Number of threads that it starts.</param>
/// <param name="Held">Number of threads that it reserves.</param>
/// <param name="Memory">Memory that it reserves. Unit: bytes.</param>
internal sealed record Reservation(int Threads, int Held, long Memory);
