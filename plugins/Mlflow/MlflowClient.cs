using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Tracking;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace Experiments.Plugins.Mlflow;

/// <summary>
/// The HTTP client for an MLflow server, with retries (back-off and jitter), a time-out per try and a circuit breaker.
/// </summary>
/// <remarks>
/// Every body has a Content-Length, because MLflow's default server answers 200 to a chunked body but ignores it.
/// </remarks>
public sealed class MlflowClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _calls;
    private readonly ResiliencePipeline _uploads;
    private readonly ResiliencePipeline _single;
    private readonly ResiliencePipeline _check;

    /// <summary>Creates a client. It sends nothing yet.</summary>
    public MlflowClient(MlflowConnection connection, TimeProvider time)
    {
        Server = connection.Server;
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(connection.Server.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = connection.Authorization;
        _calls = Pipeline(connection, connection.TryTime, time);
        _uploads = Pipeline(connection, connection.UploadTime, time);
        _single = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(connection.TryTime).Build();
        _check = new ResiliencePipelineBuilder { TimeProvider = time }.AddTimeout(connection.CheckTime).Build();
    }

    /// <summary>The server.</summary>
    public Uri Server { get; }

    /// <summary>Runs a step with retries. The step receives whether an earlier try may have arrived.</summary>
    /// <exception cref="TrackingUnavailableException">All tries failed, but later ones may succeed.</exception>
    /// <exception cref="MlflowException">The server refused.</exception>
    internal Task<T> TryAsync<T>(bool inDoubt, Func<bool, CancellationToken, Task<T>> step, CancellationToken cancellationToken) =>
        RunAsync(_calls, inDoubt, step, cancellationToken);

    /// <summary>Runs a step once.</summary>
    internal Task<T> OnceAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken) =>
        RunAsync(_single, inDoubt: false, (_, token) => step(token), cancellationToken);

    /// <summary>Asks the server once for its experiments.</summary>
    /// <exception cref="TrackingUnavailableException">The server does not answer.</exception>
    /// <exception cref="MlflowException">The server refused.</exception>
    internal Task CheckAsync(CancellationToken cancellationToken) => RunAsync(
        _check, inDoubt: false, (_, token) => CallAsync(HttpMethod.Get, "experiments/search?max_results=1", null, token), cancellationToken);

    /// <summary>Calls an endpoint. For use within a step.</summary>
    /// <exception cref="MlflowException">The answer is not a success.</exception>
    internal async Task<JsonNode> CallAsync(HttpMethod method, string endpoint, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, "api/2.0/mlflow/" + endpoint);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Check(response, text);
        try
        {
            return JsonNode.Parse(text) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new HttpRequestException($"{Server} does not answer {endpoint} with JSON: the answer was cut off, or it is not an MLflow server.");
        }
    }

    /// <summary>Uploads a file through the server's artifact proxy.</summary>
    internal Task UploadAsync(string file, string path, CancellationToken cancellationToken) => RunAsync(_uploads, inDoubt: false, async (_, token) =>
    {
        await using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var request = new HttpRequestMessage(HttpMethod.Put, "api/2.0/mlflow-artifacts/artifacts/" + path) { Content = new StreamContent(content) };
        request.Content.Headers.ContentLength = content.Length;
        using var response = await _http.SendAsync(request, token);
        Check(response, await response.Content.ReadAsStringAsync(token));
        return true;
    }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static ResiliencePipeline Pipeline(MlflowConnection connection, TimeSpan tryTime, TimeProvider time)
    {
        var isPassing = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>().Handle<TimeoutRejectedException>()
            .Handle<MlflowException>(answer => answer.IsPassing);
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = isPassing,
                MaxRetryAttempts = connection.Retries,
                Delay = connection.RetryPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>((attempt.Outcome.Exception as MlflowException)?.RetryAfter is { } asked
                    ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, connection.LongestPause.Ticks))
                    : null),
            })
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = isPassing,
                FailureRatio = 1,
                MinimumThroughput = (connection.Retries + 1) * 2,
                SamplingDuration = TimeSpan.FromMinutes(2),
                BreakDuration = connection.BreakTime,
            })
            .AddTimeout(tryTime)
            .Build();
    }

    private async Task<T> RunAsync<T>(ResiliencePipeline pipeline, bool inDoubt, Func<bool, CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                async token =>
                {
                    var mayHaveArrived = inDoubt;
                    inDoubt = true;
                    return await step(mayHaveArrived, token);
                },
                cancellationToken);
        }
        catch (Exception outage) when (outage is HttpRequestException or IOException or ExecutionRejectedException)
        {
            throw new TrackingUnavailableException(outage.Message, outage);
        }
        catch (MlflowException answer) when (answer is { IsPassing: true, Status: not HttpStatusCode.InternalServerError } || answer.IsForbidden)
        {
            throw new TrackingUnavailableException(answer.Message, answer);
        }
    }

    private static void Check(HttpResponseMessage response, string text)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw MlflowException.Of(response, text);
        }
    }
}
