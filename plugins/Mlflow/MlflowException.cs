using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Plugins.Mlflow;

/// <summary>An answer of the server that is not a success.</summary>
internal sealed class MlflowException(HttpStatusCode status, string? code, string message, TimeSpan? retryAfter) : Exception(message)
{
    public HttpStatusCode Status => status;

    /// <summary>
    /// MLflow's error code, such as <c>INVALID_PARAMETER_VALUE</c>; null when the answer is not MLflow's.
    /// </summary>
    public string? Code => code;

    /// <summary>How long the server asks to wait, or null.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsPassing => (int)status >= 500 && status != HttpStatusCode.NotImplemented
        || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;

    /// <summary>
    /// Whether the server requires other credentials or another host name, or redirects. Then nothing is wrong with the
    /// data.
    /// </summary>
    public bool IsForbidden => status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || ((int)status is >= 300 and < 400)
        || (status == HttpStatusCode.NotFound && code is null);

    /// <summary>Reads an answer.</summary>
    public static MlflowException Of(HttpResponseMessage response, string text)
    {
        string? code = null, message = null;
        try
        {
            var answer = JsonNode.Parse(text) as JsonObject;
            (code, message) = (answer?["error_code"]?.ToString(), answer?["message"]?.ToString());
        }
        catch (JsonException)
        {
        }

        var what = message is { Length: > 0 } ? message.Length > 300 ? message[..300] + "..." : message : response.ReasonPhrase;
        return new(response.StatusCode, code, $"{(int)response.StatusCode} {what}", RetryAfterOf(response.Headers));
    }

    // A date is relative to the server's clock, which is also in its answer.
    private static TimeSpan? RetryAfterOf(HttpResponseHeaders headers) => headers.RetryAfter?.Delta ?? headers.RetryAfter?.Date - headers.Date;
}
