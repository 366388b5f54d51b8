using Experiments.Contracts;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>Where a run is tracked: an MLflow server, or a folder in the layout of MLflow's file store.</summary>
/// <param name="Uri">The server, without credentials; <c>file:</c> for a folder.</param>
/// <param name="UserInfo"><c>user:password</c> of the URI, or null.</param>
public sealed record MlflowTarget(Uri Uri, string? UserInfo = null)
{
    /// <summary>Whether the user's environment names it, and not only a recipe.</summary>
    public bool IsOfUser { get; init; }

    /// <summary>The environment variable that overrides the recipe.</summary>
    public const string Variable = "MLFLOW_TRACKING_URI";

    /// <summary>Whether the target is a server.</summary>
    public bool IsServer => !Uri.IsFile;

    /// <summary>
    /// The URI of the environment, otherwise that of the recipe, otherwise <c>mlruns</c> in the folder of runs.
    /// </summary>
    /// <param name="recipeUri"><c>tracking.uri</c> of the recipe, or null.</param>
    /// <param name="environmentUri">Value of <see cref="Variable"/>, or null.</param>
    /// <param name="runsFolder">The folder of all runs.</param>
    /// <exception cref="UsageException">The value is neither http(s), nor file:, nor a path. The message says where
    /// it comes from and what is allowed.</exception>
    public static MlflowTarget Resolve(string? recipeUri, string? environmentUri, string runsFolder)
    {
        if (!string.IsNullOrWhiteSpace(environmentUri))
        {
            return Parse(environmentUri.Trim(), Variable) with { IsOfUser = true };
        }

        return string.IsNullOrWhiteSpace(recipeUri) ? new(Folder(Path.Combine(runsFolder, "mlruns"))) : Parse(recipeUri.Trim(), "tracking.uri");
    }

    /// <summary>Opens the store.</summary>
    /// <param name="experiment">Name of the MLflow experiment; created if it does not exist.</param>
    /// <param name="time">The clock, for retries and dates.</param>
    /// <param name="warn">Receives warnings for the user.</param>
    public ITrackingStore Open(string experiment, TimeProvider time, Action<string> warn)
    {
        if (!IsServer)
        {
            return new MlflowFileStore(Uri.LocalPath, experiment, time, warn);
        }

        var connection = MlflowConnection.FromEnvironment(this, Environment.GetEnvironmentVariable, warn);
        return new MlflowRestStore(new MlflowClient(connection, time), experiment, warn);
    }

    /// <summary>A URL or a folder, for people to read.</summary>
    public override string ToString() => IsServer ? Uri.AbsoluteUri : Uri.LocalPath;

    private static MlflowTarget Parse(string text, string origin)
    {
        if (text.Contains("***", StringComparison.Ordinal))
        {
            throw new UsageException($"{origin}: '{text}' has a secret, which a run does not record. Set {Variable} to the whole address.");
        }

        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var server)
                ? new(new UriBuilder(server) { UserName = "", Password = "", Query = "", Fragment = "" }.Uri, server.UserInfo is { Length: > 0 } user ? user : null)
                : throw Wrong("is not a URL");
        }

        if (text.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            var path = text["file:".Length..];
            return !path.StartsWith("//", StringComparison.Ordinal) ? new(Folder(path))
                : Uri.TryCreate(text, UriKind.Absolute, out var file) && !file.IsUnc ? new(Folder(file.LocalPath))
                : throw Wrong("names a host");
        }

        var scheme = text.IndexOf(':', StringComparison.Ordinal);
        return scheme < 0 || text.AsSpan(0, scheme).Contains('/') ? new(Folder(text)) : throw Wrong($"has the unknown scheme '{text[..scheme]}'");

        UsageException Wrong(string what) =>
            new($"{origin}: '{text}' {what}. Use the http:// or https:// address of an MLflow server, or a folder such as runs/mlruns.");
    }

    private static Uri Folder(string path) => new(Path.GetFullPath(path));
}
