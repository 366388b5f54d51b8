namespace Experiments.Engine.Artifacts;

/// <summary>
/// The clock of a file system, which dates what all machines write to it. It is the server's clock on a network file
/// system, so the clocks of the machines do not matter.
/// </summary>
internal static class FileSystemClock
{
    private const string Prefix = ".clock-";

    /// <summary>How long ago a file was last written; negative when its date is in the future.</summary>
    /// <param name="path">The file.</param>
    /// <param name="folder">A folder of the same file system, where a file is created and deleted to read the clock. If
    /// that fails, as on a file system that is read only, the machine's clock is used.</param>
    /// <param name="now">The time by the machine's clock.</param>
    public static TimeSpan AgeOf(string path, string folder, DateTimeOffset now)
    {
        try
        {
            foreach (var left in Directory.EnumerateFiles(folder, Prefix + "*"))
            {
                File.Delete(left); // its process was killed, or reads it through its handle
            }

            var probe = Path.Combine(folder, $"{Prefix}{Guid.NewGuid():N}");
            using var handle = File.OpenHandle(probe, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            File.Delete(probe);
            return File.GetLastWriteTimeUtc(handle) - File.GetLastWriteTimeUtc(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return now.UtcDateTime - File.GetLastWriteTimeUtc(path);
        }
    }
}
