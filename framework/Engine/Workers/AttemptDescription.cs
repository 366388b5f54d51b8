using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Workers;

/// <summary>
/// Everything that a worker process needs to run one stage. The host writes it once, as <c>attempt.json</c>, and never
/// changes it.
/// </summary>
public sealed record AttemptDescription
{
    /// <summary>The stage plugin.</summary>
    public required string Plugin { get; init; }

    /// <summary>Its resolved options.</summary>
    public required JsonElement Options { get; init; }

    /// <summary>Whether the options refer to environment variables for their secrets, so that no file holds them.</summary>
    public bool HasSecrets { get; init; }

    /// <summary>Its inputs.</summary>
    public required IReadOnlyList<AttemptInput> Inputs { get; init; }

    /// <summary>Full paths of the assemblies of the recipe's plugin files.</summary>
    public IReadOnlyList<string> PluginAssemblies { get; init; } = [];

    /// <summary>The plugin files from which these assemblies were compiled, in the same order.</summary>
    public IReadOnlyList<string> PluginSources { get; init; } = [];

    /// <summary>The recipe's seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How the stage is executed. The number of threads is filled in.</summary>
    public required RunSettings Run { get; init; }

    /// <summary>
    /// The folders of earlier attempts at the same key. This attempt may resume from their checkpoints.
    /// </summary>
    public required IReadOnlyList<string> EarlierAttempts { get; init; }

    /// <summary>Writes the description into an attempt's folder.</summary>
    public void Write(string attemptFolder) => File.WriteAllBytes(PathIn(attemptFolder), JsonSerializer.SerializeToUtf8Bytes(this, AttemptJson.Default.AttemptDescription));

    /// <summary>Reads the description of an attempt.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or an environment variable with a secret is not set.</exception>
    public static AttemptDescription Read(string attemptFolder)
    {
        var written = JsonSerializer.Deserialize(File.ReadAllBytes(PathIn(attemptFolder)), AttemptJson.Default.AttemptDescription)
            ?? throw new InvalidDataException($"{PathIn(attemptFolder)}: empty.");
        return written.HasSecrets
            ? written with { Options = JsonSerializer.SerializeToElement(Secrets.Recall(JsonNode.Parse(written.Options.GetRawText()), Environment.GetEnvironmentVariable)) }
            : written;
    }

    private static string PathIn(string attemptFolder) => Path.Combine(attemptFolder, "attempt.json");
}

/// <summary>One input of a stage.</summary>
/// <param name="Name">The recipe's key.</param>
/// <param name="Sources">What it reads. In a mapping, each source has a label.</param>
public sealed record AttemptInput(string Name, IReadOnlyList<AttemptSource> Sources);

/// <summary>One artifact that a stage reads.</summary>
/// <param name="Label">Its label in a mapping, or null.</param>
/// <param name="Type">The artifact type.</param>
/// <param name="Location">Its location.</param>
/// <param name="Digest">The digest of its bytes.</param>
public sealed record AttemptSource(string? Label, string Type, ArtifactLocation Location, string Digest);

/// <summary>The subfolders and files of an attempt's folder.</summary>
public static class AttemptFolder
{
    private const string Ignored = "-ignored";

    /// <summary>The folder that becomes the artifact.</summary>
    public static string Output(string attemptFolder) => Path.Combine(attemptFolder, "output");

    /// <summary>The folder of checkpoints, which has one folder per checkpoint.</summary>
    public static string Checkpoints(string attemptFolder) => Path.Combine(attemptFolder, "checkpoints");

    /// <summary>The output folder of a worker that only does pieces. Its contents are not used.</summary>
    public static string Scratch(string attemptFolder) => Path.Combine(attemptFolder, "scratch", Path.GetRandomFileName());

    /// <summary>The folder of the finished pieces of the work, shared by all attempts at a key.</summary>
    public static string Shards(string attemptFolder) => Path.Combine(Path.GetDirectoryName(attemptFolder)!, "shards");

    /// <summary>
    /// Puts the checkpoints and the finished pieces of earlier attempts aside, so that nobody resumes from them. They are
    /// removed with the rest of the unfinished work. Only the holder of the lease may call it.
    /// </summary>
    /// <param name="attemptFolder">The attempt that starts again.</param>
    /// <param name="earlier">The folders of the earlier attempts.</param>
    public static void IgnoreEarlierWork(string attemptFolder, IEnumerable<string> earlier)
    {
        Directory.CreateDirectory(attemptFolder);
        var checkpoints = earlier.Select(attempt => (From: Checkpoints(attempt), To: Checkpoints(attempt) + Ignored));
        foreach (var (from, to) in checkpoints.Append((Shards(attemptFolder), Path.Combine(attemptFolder, "shards" + Ignored))))
        {
            if (Directory.Exists(from))
            {
                DurableFiles.TryRename(from, to);
            }
        }
    }

    /// <summary>The folders of all attempts at a key, oldest first.</summary>
    public static IEnumerable<string> All(string workFolder) => Directory.Exists(workFolder)
        ? Directory.EnumerateDirectories(workFolder).Where(folder => folder != Shards(folder)).Order(StringComparer.Ordinal)
        : [];

    /// <summary>The file of the metrics. It is in the output folder, so that it is committed with the output.</summary>
    public static string Metrics(string attemptFolder) => Path.Combine(Output(attemptFolder), ArtifactLocation.MetricsFile);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(AttemptDescription))]
internal sealed partial class AttemptJson : JsonSerializerContext;
