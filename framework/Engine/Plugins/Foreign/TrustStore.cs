using System.Globalization;
using System.Text;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// The files whose code a user allowed to run, by the SHA-256 of their bytes: the text file <c>lab/trusted</c> in the
/// user's folder of settings, with one line a file: SHA-256, date, path. Only its user can read and write it.
/// </summary>
/// <param name="path">The text file.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Receives warnings for the user.</param>
public sealed class TrustStore(string path, TimeProvider time, Action<string> warn)
{
    private const int DigestLength = 64;
    private readonly Lazy<Dictionary<string, string>> _known = new(() => Read(path));

    /// <summary>The store of the user who runs this process.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="warn">Receives warnings for the user.</param>
    public static TrustStore OfUser(TimeProvider time, Action<string> warn)
    {
        var given = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Path.IsPathFullyQualified(given ?? "") ? given! : Path.Combine(home, ".config");
        return new(Path.Combine(folder, "lab", "trusted"), time, warn);
    }

    /// <summary>Whether the user trusts a file.</summary>
    /// <param name="digest">SHA-256 of its bytes.</param>
    public bool Contains(string digest) => _known.Value.ContainsKey(digest);

    /// <summary>Whether the user trusts another version of a file.</summary>
    /// <param name="file">Its full path.</param>
    public bool KnowsPath(string file) => _known.Value.ContainsValue(Written(file));

    /// <summary>
    /// Remembers that the user trusts a file. If it cannot be saved, the user is warned, and it holds for this process.
    /// </summary>
    /// <param name="digest">SHA-256 of its bytes.</param>
    /// <param name="file">Its full path.</param>
    public void Add(string digest, string file)
    {
        if (!_known.Value.TryAdd(digest, Written(file)))
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // One write without a buffer adds a line, so that two processes do not mix their lines.
            var appending = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
            {
                appending.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stored = new FileStream(path, appending);
            var date = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            stored.Write(Encoding.UTF8.GetBytes($"{digest} {date} {Written(file)}\n"));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            warn($"warning: {path} cannot be written, so that you will be asked again: {problem.Message}");
        }
    }

    private static Dictionary<string, string> Read(string path)
    {
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadLines(path).Select(line => line.Split(' ', 3)).Where(line => line is [{ Length: DigestLength }, _, _]))
            {
                known[line[0]] = line[2];
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return known; // the user is asked again
        }

        return known;
    }

    private static string Written(string file) => file.ReplaceLineEndings(" ");
}
