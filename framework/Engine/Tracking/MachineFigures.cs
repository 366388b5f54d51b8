using System.Globalization;

namespace Experiments.Engine.Tracking;

/// <summary>Memory, disk and network of this machine. A megabyte is 10^6 bytes.</summary>
internal sealed class MachineFigures(string disk, string proc)
{
    private const double Megabyte = 1e6;
    private const double Kibibyte = 1024;
    private const string Loopback = "lo";
    private const int SentColumn = 8; // of /proc/net/dev, after the interface's name

    private (double Received, double Sent)? _networkAtFirst;

    /// <summary>Adds the current metrics.</summary>
    public void Add(Dictionary<string, double> figures)
    {
        AddMemory(figures);
        AddDisk(figures);
        AddNetwork(figures);
    }

    private void AddMemory(Dictionary<string, double> figures)
    {
        var facts = File.ReadLines(Path.Combine(proc, "meminfo")).Select(line => line.Split(':'))
            .ToDictionary(parts => parts[0], parts => Number(parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]) * Kibibyte);
        var used = facts["MemTotal"] - facts["MemAvailable"];
        figures["system_memory_usage_megabytes"] = Rounded(used / Megabyte);
        figures["system_memory_usage_percentage"] = Rounded(100 * used / facts["MemTotal"]);
    }

    private void AddDisk(Dictionary<string, double> figures)
    {
        var drive = new DriveInfo(disk);
        double used = drive.TotalSize - drive.TotalFreeSpace;
        figures["disk_usage_megabytes"] = Rounded(used / Megabyte);
        figures["disk_available_megabytes"] = Rounded(drive.AvailableFreeSpace / Megabyte);
        figures["disk_usage_percentage"] = Rounded(100 * used / (used + drive.AvailableFreeSpace));
    }

    /// <summary>Adds the network traffic since the first sample, without the loopback interface.</summary>
    private void AddNetwork(Dictionary<string, double> figures)
    {
        var (received, sent) = (0.0, 0.0);
        foreach (var line in File.ReadLines(Path.Combine(proc, "net", "dev")).Select(line => line.Split(':')).Where(parts => parts.Length == 2 && parts[0].Trim() != Loopback))
        {
            var columns = line[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            received += Number(columns[0]);
            sent += Number(columns[SentColumn]);
        }

        var first = _networkAtFirst ??= (received, sent);
        figures["network_receive_megabytes"] = Rounded((received - first.Received) / Megabyte);
        figures["network_transmit_megabytes"] = Rounded((sent - first.Sent) / Megabyte);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static double Rounded(double value) => Math.Round(value, 1);
}
