using System.Globalization;
using System.Text.Json;

namespace Experiments.Engine.Artifacts;

/// <summary>
/// Keeps two hosts from doing the same work twice. It saves work but is not needed for safety: an attempt commits by a
/// rename that only one process can win. A holder loses its lease when it dies, or when it does not renew it for
/// <see cref="Expiry"/>.
/// </summary>
public sealed class Lease : IDisposable
{
    /// <summary>The variable that sets <see cref="Expiry"/>, in seconds.</summary>
    public const string ExpiryVariable = "LAB_LEASE_SECONDS";

    /// <summary>
    /// How long a lease is valid without renewal. Default: 30 s. Slow shared file systems may need more.
    /// </summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(ExpiryVariable), CultureInfo.InvariantCulture, out var seconds) && seconds > 0 ? seconds : 30);

    private const string FileName = "lease.json";

    private static readonly TimeSpan Renewal = Expiry / 6;

    private readonly string _path;
    private readonly string _attempt;
    private readonly TimeProvider _time;
    private readonly ITimer _renewal;

    private Lease(string path, string attempt, TimeProvider time)
    {
        (_path, _attempt, _time) = (path, attempt, time);
        _renewal = time.CreateTimer(_ => Renew(), null, Renewal, Renewal);
    }

    /// <summary>Takes the lease of a work folder, or returns who holds it.</summary>
    /// <param name="workFolder">The folder.</param>
    /// <param name="attempt">The attempt that takes it; a unique name.</param>
    /// <param name="time">The clock, which also times the renewals.</param>
    /// <param name="file">The name of the lease file, for a folder with several leases. Default: the lease of the whole
    /// work folder.</param>
    /// <returns>The lease, or its current holder.</returns>
    public static (Lease? Lease, string? Holder) TryTake(string workFolder, string attempt, TimeProvider time, string file = FileName)
    {
        Directory.CreateDirectory(workFolder);
        var path = Path.Combine(workFolder, file);
        while (true)
        {
            if (Create(path) is { } created)
            {
                Write(created, path, attempt, time);
                return (new Lease(path, attempt, time), null);
            }

            if (LivingHolder(path, time) is { } holder)
            {
                return (null, holder);
            }

            Break(path, attempt);
        }
    }

    /// <summary>The living process that holds the lease of a work folder, or null.</summary>
    public static string? Holder(string workFolder, TimeProvider time) => LivingHolder(Path.Combine(workFolder, FileName), time);

    /// <inheritdoc/>
    public void Dispose()
    {
        _renewal.Dispose();
        if (IsMine())
        {
            File.Delete(_path);
        }
    }

    /// <summary>Creates the lease's file; null when it already exists.</summary>
    private static FileStream? Create(string path)
    {
        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>
    /// Writes a new lease. If that fails, because the disk is full, the file is deleted, so that it blocks nobody.
    /// </summary>
    private static void Write(FileStream file, string path, string attempt, TimeProvider time)
    {
        try
        {
            using (file)
            {
                file.Write(Content(attempt, time));
            }
        }
        catch (IOException)
        {
            File.Delete(path);
            throw;
        }
    }

    private static byte[] Content(string attempt, TimeProvider time) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
    {
        ["attempt"] = attempt,
        ["host"] = Environment.MachineName,
        ["process"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        ["started"] = LocalProcess.StartOf(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) ?? "",
        ["renewed"] = time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
    });

    private static Dictionary<string, string>? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllBytes(path));
        }
        catch (Exception problem) when (problem is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // it is being written just now, was released, or was removed with the finished work
        }
    }

    private static string? LivingHolder(string path, TimeProvider time)
    {
        var content = Read(path);
        var renewed = content is null ? File.GetLastWriteTimeUtc(path) : DateTimeOffset.Parse(content["renewed"], CultureInfo.InvariantCulture);
        if (time.GetUtcNow() - renewed > Expiry)
        {
            return null;
        }

        if (content is null)
        {
            return "a process that is taking the lease at this moment";
        }

        var isDead = content["host"] == Environment.MachineName
            && LocalProcess.TellsStarts
            && (LocalProcess.StartOf(content["process"]) is not { } started || started != content.GetValueOrDefault("started"));
        return isDead ? null : $"process {content["process"]} on {content["host"]}";
    }

    /// <summary>Removes an expired lease. When several processes try, the rename lets only one succeed.</summary>
    private static void Break(string path, string attempt)
    {
        var aside = $"{path}.{attempt}";
        try
        {
            File.Move(path, aside);
            File.Delete(aside);
        }
        catch (FileNotFoundException)
        {
            // Another process broke it first.
        }
    }

    /// <summary>Whether the lease is still this holder's. One that cannot be read, as on a shared file system that fails for a moment, is left alone.</summary>
    private bool IsMine()
    {
        try
        {
            return Read(_path) is { } content && content["attempt"] == _attempt;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private void Renew()
    {
        if (IsMine())
        {
            var temporary = $"{_path}.renewal-{_attempt}";
            try
            {
                File.WriteAllBytes(temporary, Content(_attempt, _time));
                File.Move(temporary, _path, overwrite: true);
            }
            catch (IOException)
            {
                // Released, or removed with the finished work, since it was read. A lease that is not renewed simply
                // expires.
            }
        }
    }
}
