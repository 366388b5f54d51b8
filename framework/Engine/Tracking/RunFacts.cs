using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Experiments.Contracts.Tracking;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Tracking;

/// <summary>
/// Facts about a run that are not in its recipe: who ran it, from which source code, on which machine.
/// </summary>
/// <param name="Tags">Tags for the parent run.</param>
/// <param name="Diff">The changes of the working tree since its commit, without files that git ignores or that usually hold secrets; null when
/// they are too large.</param>
public sealed record RunFacts(IReadOnlyDictionary<string, string> Tags, string? Diff)
{
    /// <summary>Largest diff that is kept. Unit: characters.</summary>
    public const int MaximumDiff = 1 << 20;

    /// <summary>Files that usually hold secrets, by the patterns of their names.</summary>
    private static readonly string[] SecretFiles =
        [".env", ".env.*", "*.env", "*secret*", "*password*", "*credential*", "*.pem", "*.key", "*.p12", "*.pfx", "*.token", "id_rsa*", "id_ed25519*", ".netrc", ".pgpass", ".npmrc", ".pypirc"];

    /// <summary>Name of <see cref="Diff"/> among the artifacts.</summary>
    public const string DiffFile = "git.diff";

    /// <summary>The tags that every run gets, including nested runs: user, source and commit.</summary>
    public IEnumerable<KeyValuePair<string, string>> SourceTags =>
        Tags.Where(tag => tag.Key is RunTags.User or RunTags.Source or RunTags.SourceType or RunTags.Commit);

    /// <summary>The facts without the secrets of a recipe.</summary>
    public RunFacts Hiding(Secrets secrets) => this with { Diff = Diff is null ? null : secrets.Hide(Diff) };

    /// <summary>
    /// Collects the facts. Without git, or outside a working tree, they do not include those from git.
    /// </summary>
    /// <param name="recipe">The recipe's file.</param>
    /// <param name="cancellationToken">Cancels the calls of git.</param>
    public static async Task<RunFacts> CollectAsync(string recipe, CancellationToken cancellationToken = default)
    {
        recipe = Path.GetFullPath(recipe);
        var tags = new Dictionary<string, string>
        {
            [RunTags.User] = Environment.UserName,
            [RunTags.Source] = recipe,
            [RunTags.SourceType] = "LOCAL",
            ["lab.host"] = Environment.MachineName,
            ["lab.os"] = RuntimeInformation.OSDescription,
            ["lab.dotnet"] = RuntimeInformation.FrameworkDescription,
            ["lab.processor"] = $"{await ProcessorAsync(cancellationToken)} ({RuntimeInformation.ProcessArchitecture})",
            ["lab.cores"] = $"{Environment.ProcessorCount}",
        };

        var folder = Path.GetDirectoryName(recipe)!;
        string? diff = null;
        if (await GitAsync(folder, ["rev-parse", "HEAD"], cancellationToken) is { } commit)
        {
            diff = await DiffAsync(folder, cancellationToken);
            var status = await GitAsync(folder, ["status", "--porcelain"], cancellationToken) ?? "";
            tags[RunTags.Commit] = commit.Trim();
            tags["lab.git.dirty"] = status.Length > 0 ? "true" : "false";
        }

        return new(tags, diff is { Length: > 0 and <= MaximumDiff } ? diff : null);
    }

    /// <summary>
    /// The changes of the working tree, without those of files that .gitignore names and of files that usually hold secrets.
    /// </summary>
    private static async Task<string> DiffAsync(string folder, CancellationToken cancellationToken)
    {
        var root = (await GitAsync(folder, ["rev-parse", "--show-toplevel"], cancellationToken))?.TrimEnd('\n') ?? folder;
        var ignored = await GitAsync(root, ["ls-files", "-z", "--cached", "--ignored", "--exclude-standard"], cancellationToken) ?? "";
        string[] left = [.. SecretFiles.Select(pattern => $":(top,exclude,icase,glob)**/{pattern}"), .. ignored.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(path => $":(top,exclude,literal){path}")];
        return await GitAsync(root, ["diff", "HEAD", "--no-ext-diff", "--no-color", "--", ":/", .. left], cancellationToken) ?? "";
    }

    private static async Task<string> ProcessorAsync(CancellationToken cancellationToken)
    {
        const string Facts = "/proc/cpuinfo";
        var lines = File.Exists(Facts) ? await File.ReadAllLinesAsync(Facts, cancellationToken) : [];
        var model = lines.FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return model?[(model.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown";
    }

    private static async Task<string?> GitAsync(string folder, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var output = await git.StandardOutput.ReadToEndAsync(cancellationToken);
            await git.WaitForExitAsync(cancellationToken);
            return git.ExitCode == 0 ? output : null;
        }
        catch (Exception absent) when (absent is Win32Exception or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
