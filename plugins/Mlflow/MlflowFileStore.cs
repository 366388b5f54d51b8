using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>
/// Stores runs in the layout of MLflow's file store. <c>mlflow ui --backend-store-uri mlruns</c> shows them while they
/// are written.
/// </summary>
/// <remarks>
/// A reader never sees a partly written file: small files are written under a temporary name and renamed, and metrics
/// are appended as whole lines in one write. A run's id is derived from its local id, so that repeated tries create it
/// only once. A name cannot be both a file and a folder: with <c>a</c> present, <c>a/b</c> is kept as <c>a.b</c>, and
/// with <c>a/b</c> present, <c>a</c> is kept as <c>a.value</c>.
/// </remarks>
public sealed class MlflowFileStore : ITrackingStore
{
    private readonly FileStoreExperiments _experiments;
    private readonly string _experiment;
    private readonly Action<string> _warn;
    private string? _folder;

    /// <summary>Creates a store. It writes nothing yet.</summary>
    /// <param name="root">The folder, such as <c>runs/mlruns</c>.</param>
    /// <param name="experiment">Name of the experiment; created if it does not exist.</param>
    /// <param name="time">The clock, for the experiment's date.</param>
    /// <param name="warn">Receives a warning for each item that could not be stored.</param>
    public MlflowFileStore(string root, string experiment, TimeProvider time, Action<string> warn)
    {
        Location = Path.GetFullPath(root);
        (_experiment, _warn) = (MlflowNames.Value(experiment, MlflowNames.MaximumExperiment), warn);
        _experiments = new FileStoreExperiments(Location, time);
    }

    /// <inheritdoc/>
    public string Location { get; }

    private string Experiment => _folder ??= _experiments.Open(_experiment);

    /// <inheritdoc/>
    public Task<StoreHealth> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new StoreHealth($"an MLflow file store, {Location}; `mlflow ui --backend-store-uri {Location}` opens it"));

    /// <inheritdoc/>
    public Task<StoredRun> StartRunAsync(RunStart run, string? parent, bool inDoubt, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(run.Id)))[..32];
        var folder = Path.Combine(Experiment, id);
        var isNew = !File.Exists(Path.Combine(folder, FileStoreFiles.Meta));
        foreach (var part in (ReadOnlySpan<string>)["artifacts", "metrics", "params", "tags"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        var tags = MlflowTags.Of(run, parent);
        WriteTags(folder, tags);
        if (isNew)
        {
            WriteMeta(folder, new FileStoreRun(id, run.Name, tags.GetValueOrDefault(MlflowTags.User, ""), run.Time.ToUnixTimeMilliseconds()));
        }

        return Task.FromResult(new StoredRun(id, isNew));
    }

    /// <inheritdoc/>
    public Task ResumeRunAsync(string id, CancellationToken cancellationToken) =>
        UpdateAsync(id, run => run with { Status = FileStoreRun.Running, EndTime = null });

    /// <inheritdoc/>
    public Task EndRunAsync(string id, RunEnd end, CancellationToken cancellationToken) =>
        UpdateAsync(id, run => run with { Status = FileStoreRun.StatusOf(end.Status), EndTime = end.Time.ToUnixTimeMilliseconds() });

    /// <inheritdoc/>
    public Task LogAsync(string id, TrackedBatch batch, bool inDoubt, CancellationToken cancellationToken)
    {
        var run = RunFolder(id);
        foreach (var (name, value) in batch.Params)
        {
            WriteParam(run, name, MlflowNames.Value(value, MlflowNames.MaximumParam));
        }

        WriteTags(run, MlflowTags.Of(batch.Tags));
        foreach (var metric in batch.Metrics.GroupBy(point => MlflowNames.Key(point.Name), StringComparer.Ordinal))
        {
            var lines = metric.Select(Line);
            FileStoreFiles.Append(run, FileStoreFiles.PathOf(run, "metrics", metric.Key), lines, inDoubt);
        }

        foreach (var input in batch.Inputs)
        {
            WriteInput(run, id, input);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LogArtifactAsync(string id, string file, string path, CancellationToken cancellationToken)
    {
        var run = RunFolder(id);
        FileStoreFiles.Replace(run, FileStoreFiles.PathOf(run, "artifacts", MlflowNames.Key(path)), temporary => File.Copy(file, temporary, overwrite: true));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private static string Line(MetricPoint point) => $"{point.Time.ToUnixTimeMilliseconds()} {Number(point.Value)} {point.Step ?? 0}\n";

    private static string Number(double value) => double.IsNaN(value) ? "nan"
        : double.IsInfinity(value) ? value > 0 ? "inf" : "-inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private static void WriteTags(string run, IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (name, value) in tags)
        {
            FileStoreFiles.Replace(run, FileStoreFiles.PathOf(run, "tags", MlflowNames.Key(name)), MlflowNames.Value(value, MlflowNames.MaximumTag));
        }
    }

    // The names of both folders follow MLflow: MD5 over name and digest, and over that and the run.
    private static void WriteInput(string run, string id, TrackedInput input)
    {
        var digest = input.Digest.Length > MlflowNames.MaximumDigest ? input.Digest[..MlflowNames.MaximumDigest] : input.Digest;
        var dataset = FileStoreFiles.Md5(input.Name + digest);
        var source = $$"""{"uri": {{FileStoreFiles.Json(input.Source)}}}""";
        FileStoreFiles.Replace(
            run,
            Path.Combine(Path.GetDirectoryName(run)!, "datasets", dataset, FileStoreFiles.Meta),
            $"""
            digest: {FileStoreFiles.Quoted(digest)}
            name: {FileStoreFiles.Quoted(input.Name)}
            profile: null
            schema: null
            source: {FileStoreFiles.Quoted(source)}
            source_type: local

            """);
        FileStoreFiles.Replace(
            run,
            Path.Combine(run, "inputs", FileStoreFiles.Md5(dataset + id), FileStoreFiles.Meta),
            $$"""
            destination_id: {{id}}
            destination_type: RUN
            source_id: {{dataset}}
            source_type: DATASET
            tags: {}

            """);
    }

    private void WriteParam(string run, string name, string value)
    {
        var path = FileStoreFiles.PathOf(run, "params", MlflowNames.Key(name));
        if (!FileStoreFiles.HasText(path))
        {
            FileStoreFiles.Replace(run, path, value);
        }
        else if (File.ReadAllText(path) is var present && present != value)
        {
            _warn($"tracking: param '{name}' is '{present}' in {run} and cannot be changed to '{value}'");
        }
    }

    private string RunFolder(string id)
    {
        var folder = Path.Combine(Experiment, id);
        return Directory.Exists(folder) ? folder : throw new TrackingUnavailableException($"run {id} is no longer in {Experiment}: restore it");
    }

    private Task UpdateAsync(string id, Func<FileStoreRun, FileStoreRun> change)
    {
        var folder = RunFolder(id);
        WriteMeta(folder, change(FileStoreRun.Read(Path.Combine(folder, FileStoreFiles.Meta))));
        return Task.CompletedTask;
    }

    private void WriteMeta(string folder, FileStoreRun run) =>
        FileStoreFiles.Replace(folder, Path.Combine(folder, FileStoreFiles.Meta), run.ToYaml(Path.GetFileName(Experiment), Path.Combine(folder, "artifacts")));
}
