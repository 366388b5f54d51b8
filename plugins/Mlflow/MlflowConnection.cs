using System.Net.Http.Headers;
using System.Text;
using Experiments.Contracts.Tracking;

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
    /// <c>MLFLOW_TRACKING_PASSWORD</c>, otherwise <c>MLFLOW_TRACKING_TOKEN</c>, otherwise the credentials in the URI. Unlike that client,
    /// it keeps those of the environment from a server that only the recipe names.
    /// </summary>
    /// <param name="target">The server.</param>
    /// <param name="environment">Returns the value of an environment variable, or null.</param>
    /// <param name="warn">Receives a warning when credentials are kept back.</param>
    public static MlflowConnection FromEnvironment(MlflowTarget target, Func<string, string?> environment, Action<string> warn)
    {
        var name = environment(UserVariable);
        var token = environment(TokenVariable);
        var own = !string.IsNullOrEmpty(name) ? Basic($"{name}:{environment(PasswordVariable)}")
            : !string.IsNullOrEmpty(token) ? new AuthenticationHeaderValue("Bearer", token)
            : null;
        if (own is not null && !target.IsOfUser && !TrackingHosts.IsAllowed(target.Uri.AbsoluteUri, environment))
        {
            warn($"The credentials of the environment are not sent to {target.Uri.Authority}, because the recipe names it. If that is right, "
                + $"set {MlflowTarget.Variable}={target.Uri.AbsoluteUri}, or {TrackingHosts.Variable}={target.Uri.Authority}.");
            own = null;
        }

        return new(target.Uri) { Authorization = own ?? (target.UserInfo is null ? null : Basic(Uri.UnescapeDataString(target.UserInfo))) };
    }

    private static AuthenticationHeaderValue Basic(string credentials) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
}
