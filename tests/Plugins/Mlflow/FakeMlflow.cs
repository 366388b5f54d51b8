using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Experiments.Plugins.Mlflow.Tests;

/// <summary>The ways in which a request can fail.</summary>
public enum Fault
{
    None,
    Unavailable,
    Busy,
    Drop,
    StoreThenDrop,
    StoreThenRefuse,
    Hang,
    InternalError,
}

/// <summary>
/// A tracking server on the loopback interface that is as strict as MLflow's. Its store keeps duplicates. Data that
/// MLflow would silently lose is recorded as a violation.
/// </summary>
public sealed partial class FakeMlflow : IDisposable
{
    private const int HistoryPage = 30;

    private HttpListener _listener = new();
    private int _made;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Reached)> _waiting = [];

    public FakeMlflow()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Uri = new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/");
        }

        ComeBack();
    }

    public Uri Uri { get; }

    public Func<string, Fault> FaultOf { get; set; } = _ => Fault.None;

    public Func<JsonNode, bool> IsPoison { get; set; } = _ => false;

    /// <summary>If not null, all answers wait until it is set.</summary>
    public ManualResetEventSlim? Pause { get; set; }

    /// <summary>
    /// The value of the Retry-After header with <see cref="Fault.Unavailable"/> and <see cref="Fault.Busy"/>.
    /// </summary>
    public string? RetryAfter { get; set; }

    public string ArtifactRoot { get; set; } = "mlflow-artifacts:/";

    public Dictionary<string, string> Experiments { get; } = [];

    public Dictionary<string, FakeRun> Runs { get; } = [];

    public Dictionary<string, byte[]> Artifacts { get; } = [];

    public List<string> Requests { get; } = [];

    public List<string> Violations { get; } = [];

    public string? Authorization { get; private set; }

    public FakeRun Run(string name) => Runs.Values.Single(run => run.Name == name);

    /// <summary>Completes when the condition is true. It is checked after each request.</summary>
    public Task UntilAsync(Func<bool> condition)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, reached));
            Wake();
            return reached.Task;
        }
    }

    /// <summary>Stops at once and closes all connections. Stored data is kept.</summary>
    public void Die() => _listener.Abort();

    /// <summary>Listens at the same address.</summary>
    public void ComeBack()
    {
        _listener = new HttpListener { Prefixes = { Uri.AbsoluteUri } };
        _listener.Start();
        _ = Task.Run(() => AcceptAsync(_listener), CancellationToken.None);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Close();
    }

    [GeneratedRegex(@"^[\w\-. :/]{1,250}$", RegexOptions.NonBacktracking)]
    private static partial Regex Key { get; }

    private async Task AcceptAsync(HttpListener listener)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => AnswerAsync(context), CancellationToken.None);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var path = context.Request.Url!.AbsolutePath.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal);
        Authorization = context.Request.Headers["Authorization"];
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body, _stop.Token);
        (int Status, JsonNode Answer) answer;
        Fault fault;
        lock (_gate)
        {
            Requests.Add(path);
            fault = FaultOf(path);
            answer = fault switch
            {
                Fault.Unavailable => (503, new JsonObject()),
                Fault.Busy => (429, new JsonObject()),
                Fault.InternalError => (500, new JsonObject()),
                Fault.Drop or Fault.Hang => (0, new JsonObject()),
                _ => Take(context.Request, path, body.ToArray()),
            };
            if (fault == Fault.StoreThenRefuse)
            {
                answer = Refuse("INVALID_PARAMETER_VALUE", "too late");
            }

            Wake();
        }

        Pause?.Wait(_stop.Token);
        if (fault == Fault.Hang)
        {
            await Task.Delay(Timeout.Infinite, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (fault is Fault.Drop or Fault.StoreThenDrop or Fault.Hang)
        {
            context.Response.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        if (fault is Fault.Unavailable or Fault.Busy && RetryAfter is not null)
        {
            context.Response.Headers["Retry-After"] = RetryAfter;
        }

        var bytes = Encoding.UTF8.GetBytes(answer.Answer.ToJsonString());
        context.Response.ContentType = "application/json";
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes, _stop.Token);
        context.Response.Close();
    }

    private (int Status, JsonNode Answer) Take(HttpListenerRequest request, string path, byte[] body)
    {
        if (request.HttpMethod != "GET" && request.ContentLength64 < 0)
        {
            return Violated("chunked body");
        }

        const string Proxy = "/api/2.0/mlflow-artifacts/artifacts/";
        if (path.StartsWith(Proxy, StringComparison.Ordinal))
        {
            Artifacts[Uri.UnescapeDataString(path[Proxy.Length..])] = body;
            return (200, new JsonObject());
        }

        if (request.HttpMethod == "POST" && request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true)
        {
            return Violated("content type");
        }

        var json = body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!.AsObject();
        string Field(string name) => json[name]?.ToString() ?? request.QueryString[name] ?? throw new JsonException(name);
        return path switch
        {
            "experiments/get-by-name" => Experiments.TryGetValue(Field("experiment_name"), out var id)
                ? (200, new JsonObject { ["experiment"] = new JsonObject { ["experiment_id"] = id } })
                : Refuse("RESOURCE_DOES_NOT_EXIST", "no such experiment", 404),
            "experiments/create" => (200, new JsonObject { ["experiment_id"] = Experiments[Field("name")] = $"{Experiments.Count + 1}" }),
            "experiments/search" => (200, new JsonObject()),
            "runs/create" => Create(json),
            "runs/search" => Search(Field("filter")),
            _ => Runs.TryGetValue(Field("run_id"), out var run) ? OfRun(run, path, json, request) : Refuse("RESOURCE_DOES_NOT_EXIST", "no such run", 404),
        };
    }

    private (int Status, JsonNode Answer) OfRun(FakeRun run, string path, JsonObject json, HttpListenerRequest request)
    {
        switch (path)
        {
            case "runs/get":
                return (200, run.ToJson());
            case "runs/update":
                run.Status = json["status"]!.ToString();
                run.EndTime = json["end_time"]?.GetValue<long>();
                return (200, new JsonObject());
            case "runs/set-tag":
                run.Tags[json["key"]!.ToString()] = json["value"]!.ToString();
                return (200, new JsonObject());
            case "runs/log-inputs":
                run.Inputs.Add(json["datasets"]!.AsArray().Single()!["dataset"]!.ToJsonString());
                return (200, new JsonObject());
            case "metrics/get-history":
                return History(run, request.QueryString["metric_key"]!, request.QueryString["max_results"], request.QueryString["page_token"]);
            case "runs/log-batch":
                return LogBatch(run, json);
            default:
                return Violated($"unknown path {path}");
        }
    }

    private (int Status, JsonNode Answer) Create(JsonObject json)
    {
        var id = $"{++_made:x32}";
        var run = new FakeRun(id, json["run_name"]!.ToString(), json["start_time"]!.GetValue<long>(), $"{ArtifactRoot}1/{id}/artifacts");
        foreach (var tag in json["tags"]!.AsArray())
        {
            run.Tags[tag!["key"]!.ToString()] = tag["value"]!.GetValue<string>();
        }

        Runs[id] = run;
        return (200, run.ToJson());
    }

    private (int Status, JsonNode Answer) Search(string filter)
    {
        var found = Runs.Values.Where(run => run.Tags.Any(tag => filter == $"tags.`{tag.Key}` = '{tag.Value}'"))
            .Select(run => (JsonNode)new JsonObject { ["info"] = new JsonObject { ["run_id"] = run.Id } }).ToArray();
        return (200, found.Length == 0 ? new JsonObject() : new JsonObject { ["runs"] = new JsonArray(found) });
    }

    // Pages are short, so that a client must ask for further pages.
    private static (int Status, JsonNode Answer) History(FakeRun run, string key, string? limit, string? page)
    {
        var from = page is null ? 0 : int.Parse(page, CultureInfo.InvariantCulture);
        var points = run.Metrics.Where(point => point.Key == key).ToList();
        var answer = new JsonObject();
        if (limit is not null && points.Count > from)
        {
            answer["metrics"] = new JsonArray([.. points.Skip(from).Take(HistoryPage).Select(point => point.ToJson())]);
            if (points.Count > from + HistoryPage)
            {
                answer["next_page_token"] = $"{from + HistoryPage}";
            }
        }

        return (200, answer);
    }

    private (int Status, JsonNode Answer) LogBatch(FakeRun run, JsonObject json)
    {
        JsonArray Items(string field) => json[field]?.AsArray() ?? [];
        if (Items("metrics").Count > 100 || Items("params").Count > 100 || Items("tags").Count > 100)
        {
            return Violated("batch over the limit");
        }

        foreach (var item in Items("metrics").Concat(Items("params")).Concat(Items("tags")))
        {
            var key = item!["key"]!.GetValue<string>();
            if (!Key.IsMatch(key) || key.Contains("..", StringComparison.Ordinal) || key.Contains("//", StringComparison.Ordinal) || key.Trim('/') != key)
            {
                return Refuse("INVALID_PARAMETER_VALUE", $"bad key {key}");
            }

            if (IsPoison(item))
            {
                return (500, new JsonObject());
            }
        }

        foreach (var item in Items("params"))
        {
            var (key, value) = (item!["key"]!.ToString(), item["value"]!.GetValue<string>());
            if (value.Length > 6000)
            {
                return Violated("param cut silently");
            }

            if (run.Params.TryGetValue(key, out var present) && present != value)
            {
                return Refuse("INVALID_PARAMETER_VALUE", $"param {key} changes");
            }

            run.Params[key] = value;
        }

        foreach (var item in Items("tags"))
        {
            run.Tags[item!["key"]!.ToString()] = item["value"]!.GetValue<string>();
        }

        run.Metrics.AddRange(Items("metrics").Select(item => new FakePoint(
            item!["key"]!.ToString(), item["value"]!.ToString(), item["step"]!.GetValue<long>(), item["timestamp"]!.GetValue<long>())));
        return (200, new JsonObject());
    }

    private (int Status, JsonNode Answer) Violated(string what)
    {
        Violations.Add(what);
        return Refuse("INVALID_PARAMETER_VALUE", what);
    }

    private static (int Status, JsonNode Answer) Refuse(string code, string message, int status = 400) =>
        (status, new JsonObject { ["error_code"] = code, ["message"] = message });

    private void Wake()
    {
        foreach (var (condition, reached) in _waiting.Where(waiting => waiting.Condition()))
        {
            reached.TrySetResult();
        }
    }
}

public sealed record FakePoint(string Key, string Value, long Step, long Time)
{
    public JsonNode ToJson() => new JsonObject { ["key"] = Key, ["value"] = Value, ["step"] = Step, ["timestamp"] = Time };
}

public sealed record FakeRun(string Id, string Name, long StartTime, string ArtifactUri)
{
    public string Status { get; set; } = "RUNNING";

    public long? EndTime { get; set; }

    public Dictionary<string, string> Params { get; } = [];

    public Dictionary<string, string> Tags { get; } = [];

    public List<FakePoint> Metrics { get; } = [];

    public List<string> Inputs { get; } = [];

    public JsonNode ToJson() => new JsonObject
    {
        ["run"] = new JsonObject
        {
            ["info"] = new JsonObject { ["run_id"] = Id, ["artifact_uri"] = ArtifactUri },
            ["data"] = new JsonObject
            {
                ["params"] = new JsonArray([.. Params.Select(pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]),
            },
        },
    };
}
