using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>Sends the params, tags or metrics of a run, so that each arrives exactly once despite failures.</summary>
internal sealed class MlflowBatchSender(MlflowClient client, string run, string field, Action<string> warn)
{
    private const int BatchSize = 100;
    private const int PageSize = 20000;

    public async Task SendAsync(IReadOnlyList<JsonNode> items, bool inDoubt, CancellationToken cancellationToken)
    {
        foreach (var batch in items.Chunk(BatchSize))
        {
            try
            {
                await client.TryAsync(inDoubt, (mayHaveArrived, token) => LogAsync(batch, mayHaveArrived, token), cancellationToken);
            }
            catch (MlflowException refusal)
            {
                await SendOneByOneAsync(batch, refusal, cancellationToken);
            }
        }
    }

    private async Task SendOneByOneAsync(IReadOnlyList<JsonNode> batch, MlflowException refusal, CancellationToken cancellationToken)
    {
        if (refusal.IsPassing)
        {
            await ThrowUnlessWritesWorkAsync(refusal, cancellationToken);
        }

        var refused = new List<string>();
        foreach (var item in refusal.Status == HttpStatusCode.NotFound ? [] : batch)
        {
            try
            {
                await client.OnceAsync(token => LogAsync([item], mayHaveArrived: true, token), cancellationToken);
            }
            catch (MlflowException one)
            {
                refusal = one;
                refused.Add(item["key"]!.ToString());
            }
        }

        if (refused.Count > 0 || refusal.Status == HttpStatusCode.NotFound)
        {
            var which = refused.Count == 0 ? $"{batch.Count} {field}" : $"{field} {string.Join(", ", refused.Distinct(StringComparer.Ordinal))}";
            warn($"tracking: {client.Server} refuses {which} of run {run}: {refusal.Message}");
        }
    }

    // MLflow answers 500 to some invalid items too. A harmless write distinguishes them from a broken store.
    private async Task ThrowUnlessWritesWorkAsync(MlflowException failure, CancellationToken cancellationToken)
    {
        try
        {
            var probe = new JsonObject { ["run_id"] = run, ["key"] = "lab.probe", ["value"] = "1" };
            await client.OnceAsync(token => client.CallAsync(HttpMethod.Post, "runs/set-tag", probe, token), cancellationToken);
        }
        catch (MlflowException)
        {
            throw new TrackingUnavailableException(failure.Message, failure);
        }
    }

    private async Task<bool> LogAsync(IReadOnlyList<JsonNode> batch, bool mayHaveArrived, CancellationToken cancellationToken)
    {
        var missing = mayHaveArrived ? await MissingAsync(batch, cancellationToken) : batch;
        if (missing.Count > 0)
        {
            var body = new JsonObject { ["run_id"] = run, [field] = new JsonArray([.. missing.Select(item => item.DeepClone())]) };
            await client.CallAsync(HttpMethod.Post, "runs/log-batch", body, cancellationToken);
        }

        return true;
    }

    private async Task<IReadOnlyList<JsonNode>> MissingAsync(IReadOnlyList<JsonNode> batch, CancellationToken cancellationToken) => field switch
    {
        "metrics" => await MissingMetricsAsync(batch, cancellationToken),
        "params" => await MissingParamsAsync(batch, cancellationToken),
        _ => batch,
    };

    private async Task<IReadOnlyList<JsonNode>> MissingMetricsAsync(IReadOnlyList<JsonNode> batch, CancellationToken cancellationToken)
    {
        var missing = new List<JsonNode>();
        foreach (var metric in batch.GroupBy(item => item["key"]!.ToString(), StringComparer.Ordinal))
        {
            var arrived = await HistoryAsync(metric.Key, cancellationToken);
            missing.AddRange(metric.Where(point => !arrived.Contains(Identity(point))));
        }

        return missing;
    }

    private async Task<IReadOnlyList<JsonNode>> MissingParamsAsync(IReadOnlyList<JsonNode> batch, CancellationToken cancellationToken)
    {
        var answer = await client.CallAsync(HttpMethod.Get, "runs/get?run_id=" + Uri.EscapeDataString(run), null, cancellationToken);
        var arrived = (answer["run"]?["data"]?["params"]?.AsArray() ?? [])
            .ToDictionary(pair => pair!["key"]!.ToString(), pair => pair!["value"]?.ToString() ?? "", StringComparer.Ordinal);
        foreach (var item in batch)
        {
            if (arrived.TryGetValue(item["key"]!.ToString(), out var value) && value != item["value"]!.ToString())
            {
                warn($"tracking: param '{item["key"]}' of run {run} is '{value}' in MLflow and cannot be changed to '{item["value"]}'");
            }
        }

        return [.. batch.Where(item => !arrived.ContainsKey(item["key"]!.ToString()))];
    }

    private async Task<HashSet<(long Time, long Step, double Value)>> HistoryAsync(string metric, CancellationToken cancellationToken)
    {
        var history = new HashSet<(long, long, double)>();
        var page = "";
        do
        {
            JsonNode answer;
            try
            {
                answer = await client.CallAsync(
                    HttpMethod.Get,
                    $"metrics/get-history?run_id={Uri.EscapeDataString(run)}&metric_key={Uri.EscapeDataString(metric)}&max_results={PageSize}{page}",
                    null,
                    cancellationToken);
            }
            catch (MlflowException absent) when (absent.Code == "RESOURCE_DOES_NOT_EXIST")
            {
                return history;
            }

            history.UnionWith((answer["metrics"]?.AsArray() ?? []).Select(point => Identity(point!)));
            page = answer["next_page_token"]?.ToString() is { Length: > 0 } next ? "&page_token=" + Uri.EscapeDataString(next) : "";
        }
        while (page.Length > 0);

        return history;
    }

    // SQLite stores clamp infinities.
    private static (long Time, long Step, double Value) Identity(JsonNode point) => (
        Integer(point["timestamp"]),
        Integer(point["step"]),
        Math.Clamp(double.Parse(point["value"]?.ToString() ?? "0", CultureInfo.InvariantCulture), -double.MaxValue, double.MaxValue));

    private static long Integer(JsonNode? number) => long.Parse(number?.ToString() ?? "0", CultureInfo.InvariantCulture);
}
