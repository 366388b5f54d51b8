namespace Experiments.Contracts.Tracking;

/// <summary>
/// The servers that may receive the user's credentials although a recipe names them. A recipe may be a stranger's, so only the user
/// can allow a server.
/// </summary>
public static class TrackingHosts
{
    /// <summary>The environment variable that lists the hosts, separated by commas: <c>mlflow.example.org,localhost:5000</c>.</summary>
    public const string Variable = "LAB_TRACKING_HOSTS";

    /// <summary>Whether the user allowed the host of an address, with its port or without.</summary>
    /// <param name="address">The address of a server.</param>
    /// <param name="environment">Returns the value of an environment variable, or null.</param>
    public static bool IsAllowed(string address, Func<string, string?> environment) =>
        Uri.TryCreate(address, UriKind.Absolute, out var server)
        && (environment(Variable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Any(host => host.Equals(server.Host, StringComparison.OrdinalIgnoreCase) || host.Equals(server.Authority, StringComparison.OrdinalIgnoreCase));
}
