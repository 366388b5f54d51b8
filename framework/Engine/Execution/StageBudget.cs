using Experiments.Engine.Recipes;

namespace Experiments.Engine.Execution;

/// <summary>Shares threads and memory out to the stages of a run: libtorch loses far more by oversubscription than it wins by company.</summary>
/// <remarks>A stage that asks for more than there is gets the machine to itself.</remarks>
internal sealed class StageBudget(RunLimits limits)
{
    private int _threads = limits.Cores;
    private long _memory = limits.Memory;
    private int _stages;

    /// <summary>Takes what a stage needs, or nothing when that is not free.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="memory">What it took last time, when the recipe says nothing. Unit: bytes.</param>
    /// <param name="waiting">Stages that could begin now, this one included: one that can do with any number of threads leaves the others theirs.</param>
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

    /// <summary>Gives back what a stage held.</summary>
    public void Return(Reservation reservation) => Move(reservation, 1);

    private void Move(Reservation reservation, int sign)
    {
        _threads += sign * reservation.Held;
        _memory += sign * reservation.Memory;
        _stages -= sign;
    }
}

/// <summary>A stage's share of the machine.</summary>
/// <param name="Threads">Threads that it starts.</param>
/// <param name="Held">Threads that it holds of the budget.</param>
/// <param name="Memory">Bytes that it holds of the budget.</param>
internal sealed record Reservation(int Threads, int Held, long Memory);
