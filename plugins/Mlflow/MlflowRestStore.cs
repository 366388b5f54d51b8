using System.Net;
using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>Stores runs on an MLflow tracking server, through its REST API 2.0.</summary>
/// <remarks>
/// Batches have at most 100 items. SQLite stores accept a repeated batch of that size without harm. File stores would
/// append it twice, so in doubt they are asked first what arrived. If the server refuses a batch, its items are sent
/// one by one, so that one bad item does not affect the others.
/// </remarks>
public sealed class MlflowRestStore : ITrackingStore
{
    private readonly MlflowClient _client;
    private readonly string _experiment;
    private readonly Action<string> _warn;
    private readonly MlflowArtifacts _artifacts;
    private string? _experimentId;

    /// <summary>Creates a store. It sends nothing yet.</summary>
    /// <param name="client">The server, which the store disposes.</param>
    /// <param name="experiment">Name of the experiment; created if it does not exist.</param>
    /// <param name="warn">Receives a warning for each item that the server refused.</param>
    public MlflowRestStore(MlflowClient client, string experiment, Action<string> warn)
    {
        (_client, _experiment, _warn) = (client, MlflowNames.Value(experiment, MlflowNames.MaximumExperiment), warn);
        _artifacts = new MlflowArtifacts(client, warn);
        Location = client.Server.AbsoluteUri;
    }

    /// <inheritdoc/>
    public string Location { get; }

    /// <inheritdoc/>
    public async Task<StoreHealth> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.CheckAsync(cancellationToken);
            return new($"{Location} answers");
        }
        catch (TrackingUnavailableException problem)
        {
            return new($"{Location} does not answer: {problem.Message}", $"start the server, or correct {MlflowTarget.Variable}");
        }
        catch (MlflowException problem)
        {
            return new($"{Location} refuses: {problem.Message}", MlflowConnection.Remedy);
        }
    }

    /// <inheritdoc/>
    public async Task<StoredRun> StartRunAsync(RunStart run, string? parent, bool inDoubt, CancellationToken cancellationToken)
    {
        try
        {
            return await _client.TryAsync(inDoubt, async (mayHaveArrived, token) =>
            {
                var experiment = _experimentId ??= await ExperimentAsync(token);
                if (mayHaveArrived && await FindRunAsync(experiment, run.Id, token) is { } found)
                {
                    return new StoredRun(found, IsNew: false);
                }

                var answer = await _client.CallAsync(HttpMethod.Post, "runs/create", new JsonObject
                {
                    ["experiment_id"] = experiment,
                    ["start_time"] = run.Time.ToUnixTimeMilliseconds(),
                    ["run_name"] = run.Name,
                    ["tags"] = Copy(Tags(MlflowTags.Of(run, parent))),
                }, token);
                return new StoredRun(_artifacts.Remember(answer), IsNew: true);
            }, cancellationToken);
        }
        catch (MlflowException refusal)
        {
            throw new TrackingUnavailableException($"no run can be created in experiment '{_experiment}': {refusal.Message}", refusal);
        }
    }

    /// <inheritdoc/>
    public Task ResumeRunAsync(string id, CancellationToken cancellationToken) =>
        UpdateAsync(new JsonObject { ["run_id"] = id, ["status"] = "RUNNING" }, cancellationToken);

    /// <inheritdoc/>
    public Task EndRunAsync(string id, RunEnd end, CancellationToken cancellationToken) => UpdateAsync(
        new JsonObject { ["run_id"] = id, ["status"] = StatusOf(end.Status), ["end_time"] = end.Time.ToUnixTimeMilliseconds() }, cancellationToken);

    /// <inheritdoc/>
    public async Task LogAsync(string id, TrackedBatch batch, bool inDoubt, CancellationToken cancellationToken)
    {
        await new MlflowBatchSender(_client, id, "params", _warn).SendAsync(Params(batch.Params), inDoubt, cancellationToken);
        await new MlflowBatchSender(_client, id, "tags", _warn).SendAsync(Tags(MlflowTags.Of(batch.Tags)), inDoubt, cancellationToken);
        await new MlflowBatchSender(_client, id, "metrics", _warn).SendAsync([.. batch.Metrics.Select(Metric)], inDoubt, cancellationToken);
        foreach (var input in batch.Inputs)
        {
            await CallOrWarnAsync("runs/log-inputs", new JsonObject { ["run_id"] = id, ["datasets"] = new JsonArray(Dataset(input)) }, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task LogArtifactAsync(string id, string file, string path, CancellationToken cancellationToken) =>
        _artifacts.LogAsync(id, file, MlflowNames.Key(path), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string StatusOf(EndStatus status) => status switch
    {
        EndStatus.Done => "FINISHED",
        EndStatus.Failed => "FAILED",
        _ => "KILLED",
    };

    private static JsonNode Metric(MetricPoint point) => new JsonObject
    {
        ["key"] = MlflowNames.Key(point.Name),
        ["value"] = double.IsFinite(point.Value) ? point.Value
            : double.IsNaN(point.Value) ? "NaN" : point.Value > 0 ? "Infinity" : "-Infinity",
        ["timestamp"] = point.Time.ToUnixTimeMilliseconds(),
        ["step"] = point.Step ?? 0,
    };

    private static JsonNode Dataset(TrackedInput input) => new JsonObject
    {
        ["dataset"] = new JsonObject
        {
            ["name"] = MlflowNames.Value(input.Name, MlflowNames.MaximumExperiment),
            ["digest"] = input.Digest.Length > MlflowNames.MaximumDigest ? input.Digest[..MlflowNames.MaximumDigest] : input.Digest,
            ["source_type"] = "local",
            ["source"] = new JsonObject { ["uri"] = input.Source }.ToJsonString(),
        },
    };

    private static JsonArray Copy(IEnumerable<JsonNode> items) => [.. items.Select(item => item.DeepClone())];

    private List<JsonNode> Params(IReadOnlyDictionary<string, string> values) => Pairs(values, MlflowNames.MaximumParam);

    private List<JsonNode> Tags(IReadOnlyDictionary<string, string> values) => Pairs(values, MlflowNames.MaximumTag);

    private List<JsonNode> Pairs(IReadOnlyDictionary<string, string> values, int maximum)
    {
        var pairs = new List<JsonNode>();
        foreach (var (name, value) in values)
        {
            if (value.Length > maximum)
            {
                _warn($"tracking: the value of '{name}' has {value.Length} characters; MLflow keeps {maximum}");
            }

            pairs.Add(new JsonObject { ["key"] = MlflowNames.Key(name), ["value"] = MlflowNames.Value(value, maximum) });
        }

        return [.. pairs.DistinctBy(pair => pair["key"]!.ToString(), StringComparer.Ordinal)];
    }

    private async Task<string> ExperimentAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync();
        }
        catch (MlflowException absent) when (absent is { Status: HttpStatusCode.NotFound, Code: not null })
        {
        }

        try
        {
            var made = await _client.CallAsync(HttpMethod.Post, "experiments/create", new JsonObject { ["name"] = _experiment }, cancellationToken);
            return made["experiment_id"]!.ToString();
        }
        catch (MlflowException present) when (present.Code == "RESOURCE_ALREADY_EXISTS")
        {
            return await GetAsync();
        }

        async Task<string> GetAsync()
        {
            var found = await _client.CallAsync(
                HttpMethod.Get, "experiments/get-by-name?experiment_name=" + Uri.EscapeDataString(_experiment), null, cancellationToken);
            return found["experiment"]!["experiment_id"]!.ToString();
        }
    }

    private async Task<string?> FindRunAsync(string experiment, string localId, CancellationToken cancellationToken)
    {
        var answer = await _client.CallAsync(HttpMethod.Post, "runs/search", new JsonObject
        {
            ["experiment_ids"] = new JsonArray(experiment),
            ["filter"] = $"tags.`{MlflowTags.LocalId}` = '{localId.Replace("'", "''", StringComparison.Ordinal)}'",
            ["max_results"] = 1,
        }, cancellationToken);
        return answer["runs"]?.AsArray().FirstOrDefault()?["info"]?["run_id"]?.ToString();
    }

    private Task UpdateAsync(JsonObject update, CancellationToken cancellationToken) => CallOrWarnAsync("runs/update", update, cancellationToken);

    private async Task CallOrWarnAsync(string endpoint, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            await _client.TryAsync(inDoubt: false, (_, token) => _client.CallAsync(HttpMethod.Post, endpoint, body, token), cancellationToken);
        }
        catch (MlflowException refusal) when (!refusal.IsPassing)
        {
            _warn($"tracking: {Location} refuses {endpoint} of run {body["run_id"]}: {refusal.Message}");
        }
        catch (MlflowException outage)
        {
            throw new TrackingUnavailableException(outage.Message, outage);
        }
    }
}
