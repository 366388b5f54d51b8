namespace Experiments.Engine.Tracking;

/// <summary>
/// How busy the machine is: processors, memory, disk, network and GPUs of the whole machine, and what the run's own processes take of them. The names
/// are those that trackers know system metrics by.
/// </summary>
/// <remarks>
/// Utilization is the mean since the sample before, so the first sample has none. Figures that the machine does not give are absent. On a cluster's
/// node or in a container they are those of the whole node.
/// </remarks>
/// <param name="disk">A folder on the disk that is watched.</param>
/// <param name="proc">The kernel's figures.</param>
/// <param name="nvidiaSmi">The program that knows the GPUs.</param>
public sealed class SystemMetrics(string disk, string proc = "/proc", string nvidiaSmi = "nvidia-smi")
{
    /// <summary>What all names begin with.</summary>
    public const string Prefix = "system/";

    private readonly MachineFigures _machine = new(disk, proc);
    private readonly ProcessorFigures _processors = new(proc, Environment.ProcessId);
    private readonly GpuFigures _gpus = new(nvidiaSmi);

    /// <summary>The figures of this moment.</summary>
    /// <exception cref="IOException">The kernel's figures cannot be read: there is no <c>/proc</c>, or it is not as Linux writes it.</exception>
    public async Task<IReadOnlyDictionary<string, double>> SampleAsync(CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>();
        _processors.Add(figures);
        _machine.Add(figures);
        await _gpus.AddAsync(figures, cancellationToken).ConfigureAwait(false);
        return figures.ToDictionary(figure => Prefix + figure.Key, figure => figure.Value);
    }
}
