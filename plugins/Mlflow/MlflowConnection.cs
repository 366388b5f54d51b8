using System.Net.Http.Headers;
using System.Text;

namespace Experiments.Plugins.Mlflow;

/// <summary>How to reach an MLflow server.</summary>
public sealed record MlflowConnection(Uri Server)
{
    /// <summary>The Authorization header, or null.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>What the user can do when the server refuses the credentials.</summary>
    public const string Remedy = $"set {UserVariable} and {PasswordVariable}, or {TokenVariable}";

    private const string UserVariable = "MLFLOW_TRACKING_USERNAME";
    private const string PasswordVariable = "MLFLOW_TRACKING_PASSWORD";
    private const string TokenVariable = "MLFLOW_TRACKING_TOKEN";

    /// <summary>Number of tries after the first one. Default: 4.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>Pause before the first retry; it doubles, with jitter. Default: 0.5 s.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause before a retry that a server may ask for. Default: 1 minute.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time-out of one try. Default: 15 s.</summary>
    public TimeSpan TryTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time that <c>lab doctor</c> waits for an answer. Default: 5 s.</summary>
    public TimeSpan CheckTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time-out of one try to upload a file. Default: 30 minutes.</summary>
    public TimeSpan UploadTime { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Pause after many failures in a row. Default: 10 s.</summary>
    public TimeSpan BreakTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Reads the credentials from the same places as MLflow's own client: <c>MLFLOW_TRACKING_USERNAME</c> with
    /// <c>MLFLOW_TRACKING_PASSWORD</c>, otherwise <c>MLFLOW_TRACKING_TOKEN</c>, otherwise the credentials in the URI.
    /// </summary>
    public static MlflowConnection FromEnvironment(Uri server, string? userInfo)
    {
        var name = Environment.GetEnvironmentVariable(UserVariable);
        var token = Environment.GetEnvironmentVariable(TokenVariable);
        var authorization = !string.IsNullOrEmpty(name) ? Basic($"{name}:{Environment.GetEnvironmentVariable(PasswordVariable)}")
            : !string.IsNullOrEmpty(token) ? new AuthenticationHeaderValue("Bearer", token)
            : userInfo is not null ? Basic(Uri.UnescapeDataString(userInfo))
            : null;
        return new(server) { Authorization = authorization };
    }

    private static AuthenticationHeaderValue Basic(string credentials) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
}
