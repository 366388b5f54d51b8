namespace Experiments.Engine.Tracking;

/// <summary>
/// The load of the machine: processors, memory, disk, network and GPUs of the whole machine, and the share of the run's
/// own processes. The names are those under which trackers know system metrics.
/// </summary>
/// <remarks>
/// Utilization is the mean since the previous sample, so the first sample has none. Metrics that the machine does not
/// provide are absent. On a node of a cluster or in a container, the metrics are those of the whole node.
/// </remarks>
/// <param name="disk">A folder on the disk that is watched.</param>
/// <param name="proc">The kernel's information.</param>
/// <param name="nvidiaSmi">The program that reports on the GPUs.</param>
public sealed class SystemMetrics(string disk, string proc = "/proc", string nvidiaSmi = "nvidia-smi")
{
    /// <summary>The prefix of all names.</summary>
    public const string Prefix = "system/";

    private readonly MachineFigures _machine = new(disk, proc);
    private readonly ProcessorFigures _processors = new(proc, Environment.ProcessId);
    private readonly GpuFigures _gpus = new(nvidiaSmi);

    /// <summary>The current metrics.</summary>
    /// <exception cref="IOException">The kernel's information cannot be read: there is no <c>/proc</c>, or it is not in
    /// Linux's format.</exception>
    public async Task<IReadOnlyDictionary<string, double>> SampleAsync(CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>();
        _processors.Add(figures);
        _machine.Add(figures);
        await _gpus.AddAsync(figures, cancellationToken).ConfigureAwait(false);
        return figures.ToDictionary(figure => Prefix + figure.Key, figure => figure.Value);
    }
}
