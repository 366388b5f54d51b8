using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

public sealed class SystemMetricsTests : IDisposable
{
    private readonly TrackingBench _bench = new();
    private readonly PretendMachine _machine;

    public SystemMetricsTests() => _machine = new PretendMachine(_bench.Folder);

    [Fact]
    public async Task TheFiguresBearTheNamesThatTrackersKnow()
    {
        var metrics = _machine.Metrics();
        _machine.Write(busy: 1000, idle: 3000, memoryUsed: 2_000_000, received: 5_000_000);
        (await metrics.SampleAsync(TestContext.Current.CancellationToken)).ShouldNotContainKey("system/cpu_utilization_percentage");
        _machine.Write(busy: 1300, idle: 3100, memoryUsed: 4_000_000, received: 7_500_000);

        var figures = await metrics.SampleAsync(TestContext.Current.CancellationToken);

        figures["system/cpu_utilization_percentage"].ShouldBe(75);
        figures["system/system_memory_usage_megabytes"].ShouldBe(4096);
        figures["system/system_memory_usage_percentage"].ShouldBe(50);
        figures["system/network_receive_megabytes"].ShouldBe(2.5);
        figures["system/network_transmit_megabytes"].ShouldBe(0);
        figures["system/disk_usage_megabytes"].ShouldBeGreaterThan(0);
        figures["system/disk_available_megabytes"].ShouldBeGreaterThan(0);
        figures["system/disk_usage_percentage"].ShouldBeInRange(0.01, 100);
        figures.Keys.ShouldAllBe(name => name.StartsWith("system/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheRunsOwnProcessesAreItsHostAndAllBelowIt()
    {
        var metrics = _machine.Metrics();
        var host = Environment.ProcessId;
        _machine.Write(busy: 1000, idle: 3000);
        _machine.WriteProcess(host, parent: 1, ticks: 10, reapedTicks: 0, pages: 100);
        _machine.WriteProcess(host + 1, parent: host, ticks: 50, reapedTicks: 0, pages: 1000);
        _machine.WriteProcess(host + 2, parent: host + 1, ticks: 40, reapedTicks: 0, pages: 2000);
        _machine.WriteProcess(host + 3, parent: 1, ticks: 1_000_000, reapedTicks: 0, pages: 1_000_000);
        await metrics.SampleAsync(TestContext.Current.CancellationToken);
        _machine.Write(busy: 1300, idle: 3100);
        // A worker ended, and its time now counts for its parent.
        _machine.WriteProcess(host, parent: 1, ticks: 10, reapedTicks: 120, pages: 100);
        _machine.EndProcess(host + 1);
        _machine.EndProcess(host + 2);
        _machine.WriteProcess(host + 4, parent: host, ticks: 70, reapedTicks: 0, pages: 400);

        var figures = await metrics.SampleAsync(TestContext.Current.CancellationToken);

        figures["system/process_cpu_percentage"].ShouldBe(50); // 100 ticks of 400, on two cores
        figures["system/process_memory_rss_megabytes"].ShouldBe(Math.Round(500 * Environment.SystemPageSize / 1e6, 1));
    }

    [Fact]
    public async Task EachGpuHasItsFiguresAndWhatItDoesNotTellIsAbsent()
    {
        var metrics = _machine.Metrics(gpuAnswer: """echo '0, 45, 1000, 4000, 70.0, 700.0'; echo '1, [N/A], 0, 4000, [N/A], [N/A]'""");
        _machine.Write();

        var figures = await metrics.SampleAsync(TestContext.Current.CancellationToken);

        figures.Where(figure => figure.Key.StartsWith("system/gpu_", StringComparison.Ordinal)).ToDictionary().ShouldBe(
            new Dictionary<string, double>
            {
                ["system/gpu_0_utilization_percentage"] = 45,
                ["system/gpu_0_memory_usage_megabytes"] = 1048.6,
                ["system/gpu_0_memory_usage_percentage"] = 25,
                ["system/gpu_0_power_usage_watts"] = 70,
                ["system/gpu_0_power_usage_percentage"] = 10,
                ["system/gpu_1_memory_usage_megabytes"] = 0,
                ["system/gpu_1_memory_usage_percentage"] = 0,
            },
            ignoreOrder: true);
    }

    [Fact]
    public async Task AProgramThatKnowsNoGpuIsAskedOnce()
    {
        var asked = Path.Combine(_bench.Folder, "asked");
        var metrics = _machine.Metrics(gpuAnswer: $"echo asked >> {asked}; echo 'No devices were found'; exit 6");
        _machine.Write();

        await metrics.SampleAsync(TestContext.Current.CancellationToken);
        var figures = await metrics.SampleAsync(TestContext.Current.CancellationToken);

        figures.Keys.ShouldNotContain(name => name.Contains("gpu", StringComparison.Ordinal));
        TrackingBench.Read(asked).ShouldBe("asked\n");
    }

    [Fact]
    public async Task ThisMachineGivesItsFigures()
    {
        var metrics = new SystemMetrics(_bench.Folder);
        await metrics.SampleAsync(TestContext.Current.CancellationToken);

        var figures = await metrics.SampleAsync(TestContext.Current.CancellationToken);

        figures["system/system_memory_usage_percentage"].ShouldBeInRange(0.1, 100);
        figures["system/process_memory_rss_megabytes"].ShouldBeInRange(10, figures["system/system_memory_usage_megabytes"] + 1e5);
    }

    public void Dispose() => _bench.Dispose();
}
