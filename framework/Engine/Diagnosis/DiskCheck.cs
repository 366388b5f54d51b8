using System.Globalization;

namespace Experiments.Engine.Diagnosis;

/// <summary>Checks the disk of the folder of runs: free space, file system, and the time of a durable write.</summary>
/// <param name="runsFolder">The folder of runs.</param>
/// <param name="procFolder">The kernel's information: <c>/proc</c>.</param>
/// <param name="time">The clock for measurements.</param>
public sealed class DiskCheck(string runsFolder, string procFolder, TimeProvider time) : ICheck
{
    private const int Writes = 10;
    private const double Giga = 1e9;
    private const double EnoughFree = 5e9;
    private const double LittleFree = 2e8;
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Network =
    [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "beegfs", "ceph", "gpfs", "glusterfs", "9p", "afs",
        "fuse.sshfs", "fuse.glusterfs", "fuse.s3fs", "fuse.gcsfuse",
    ];

    private static readonly string[] Memory = ["tmpfs", "ramfs"];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(runsFolder);
        while (!folder.Exists && folder.Parent is { } parent)
        {
            folder = parent;
        }

        return [Space(folder), await FileSystemAsync(folder, cancellationToken).ConfigureAwait(false), Sync(folder)];
    }

    /// <summary>
    /// The type of the file system that holds a folder, from the lines of <c>/proc/mounts</c>. The innermost mount
    /// counts; of two mounts at one place, the later one.
    /// </summary>
    public static string? TypeOf(string folder, IEnumerable<string> mounts) => (
        from line in mounts
        let words = line.Split(' ')
        where words.Length > 2
        let place = words[1].Replace("\\040", " ", StringComparison.Ordinal)
        where place == "/" || folder == place || folder.StartsWith(place + "/", StringComparison.Ordinal)
        orderby place.Length
        select words[2]).LastOrDefault();

    private static Finding Space(DirectoryInfo folder)
    {
        var free = new DriveInfo(folder.FullName).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / Giga:0.0} GB free under {folder.FullName}");
        const string Remedy = "run `lab gc` to list what no run needs, or choose another folder with --runs";
        return free < LittleFree ? Finding.Problem("disk", text, Remedy) : free < EnoughFree ? Finding.Warning("disk", text, Remedy) : Finding.Ok("disk", text);
    }

    private async Task<Finding> FileSystemAsync(DirectoryInfo folder, CancellationToken cancellationToken)
    {
        const string Subject = "file system";
        var mounts = Path.Combine(procFolder, "mounts");
        var type = File.Exists(mounts) ? TypeOf(folder.FullName, await File.ReadAllLinesAsync(mounts, cancellationToken).ConfigureAwait(false)) : null;
        return type is null ? Finding.Ok(Subject, "its type is unknown")
            : Network.Contains(type) ? Finding.Warning(Subject, $"{type}, a network file system", "runs are safe there, because they commit by rename, but slower; use --runs to choose a local folder")
            : Memory.Contains(type) ? Finding.Warning(Subject, $"{type}, which is in memory", "what runs make is lost at a restart: use --runs to choose a folder on a disk")
            : Finding.Ok(Subject, type);
    }

    private Finding Sync(DirectoryInfo folder)
    {
        const string Subject = "fsync";
        var path = Path.Combine(folder.FullName, $".lab-doctor-{Environment.ProcessId}");
        try
        {
            var start = time.GetTimestamp();
            using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose))
            {
                for (var i = 0; i < Writes; i++)
                {
                    file.Write("a write of the doctor"u8);
                    file.Flush(flushToDisk: true);
                }
            }

            var each = time.GetElapsedTime(start) / Writes;
            var text = string.Create(CultureInfo.InvariantCulture, $"{each.TotalMilliseconds:0.0} ms per write");
            return each > Slow
                ? Finding.Warning(Subject, text, "the disk is slow or busy, so checkpoints take long: raise run: { checkpoint: { every: ... } }")
                : Finding.Ok(Subject, text);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(Subject, $"{folder.FullName} cannot be written: {problem.Message}", "make it writable, or choose another folder with --runs");
        }
    }
}
