using Experiments.Engine.Tracking;

namespace Experiments.Engine.Tests.Tracking;

/// <summary>The files with the figures of a machine with two cores and 8192 MB of memory.</summary>
internal sealed class PretendMachine(string folder)
{
    private const int Memory = 8_000_000; // KiB

    private string Proc => Path.Combine(folder, "proc");

    /// <summary>Makes an object that reads the files.</summary>
    /// <param name="gpuAnswer">A shell script that replaces nvidia-smi, or null for none.</param>
    public SystemMetrics Metrics(string? gpuAnswer = null)
    {
        var program = Path.Combine(folder, "nvidia-smi");
        if (gpuAnswer is not null && !OperatingSystem.IsWindows())
        {
            File.WriteAllText(program, $"#!/bin/sh\n{gpuAnswer}\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return new SystemMetrics(folder, Proc, program);
    }

    public void Write(long busy = 0, long idle = 0, long memoryUsed = 0, long received = 0)
    {
        Directory.CreateDirectory(Path.Combine(Proc, "net"));
        Put("stat", $"cpu  {busy} 0 0 {idle - 10} 10 0 0 0 77 0\ncpu0 0 0 0 0 0 0 0 0 0 0\ncpu1 0 0 0 0 0 0 0 0 0 0\nintr 1\n");
        Put("meminfo", $"MemTotal:        {Memory} kB\nMemFree:  1 kB\nMemAvailable:    {Memory - memoryUsed} kB\nHugePages_Total:       0\n");
        Put("net/dev", $"Inter-|   Receive  |  Transmit\n face |bytes  packets|bytes packets\n    lo: 999000000 1 0 0 0 0 0 0 999000000 1 0 0 0 0 0 0\n  eth0:{received} 1 0 0 0 0 0 0 4000 1 0 0 0 0 0 0\n");
    }

    public void WriteProcess(int id, int parent, long ticks, long reapedTicks, long pages)
    {
        Directory.CreateDirectory(Path.Combine(Proc, $"{id}"));
        Put($"{id}/stat", $"{id} (a (b) c) S {parent} 1 1 0 -1 4194304 1 1 1 1 {ticks} 0 {reapedTicks} 0 20 0 1 0 1956583 3133440 {pages} 184467\n");
    }

    public void EndProcess(int id) => Directory.Delete(Path.Combine(Proc, $"{id}"), recursive: true);

    public void Break() => Directory.Delete(Proc, recursive: true);

    private void Put(string name, string text) => File.WriteAllText(Path.Combine(Proc, name), text);
}
