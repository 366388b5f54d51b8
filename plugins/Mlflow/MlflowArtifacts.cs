using System.Text.Json.Nodes;
using Experiments.Contracts.Tracking;

namespace Experiments.Plugins.Mlflow;

/// <summary>
/// Stores files at a run's <c>artifact_uri</c>: through the server's proxy, or in a folder that client and server
/// share.
/// </summary>
internal sealed class MlflowArtifacts(MlflowClient client, Action<string> warn)
{
    private readonly Dictionary<string, string> _places = [];

    /// <summary>Remembers where the run in an answer stores its artifacts; returns the run's id.</summary>
    public string Remember(JsonNode answer)
    {
        var info = answer["run"]!["info"]!;
        var id = info["run_id"]!.ToString();
        _places[id] = info["artifact_uri"]?.ToString() ?? "";
        return id;
    }

    /// <summary>Stores a file.</summary>
    public async Task LogAsync(string run, string file, string path, CancellationToken cancellationToken)
    {
        try
        {
            if (!_places.ContainsKey(run))
            {
                Remember(await client.TryAsync(inDoubt: false, (_, token) => client.CallAsync(
                    HttpMethod.Get, "runs/get?run_id=" + Uri.EscapeDataString(run), null, token), cancellationToken));
            }

            await BringAsync(_places[run], file, path, cancellationToken);
        }
        catch (MlflowException refusal) when (!refusal.IsPassing)
        {
            warn($"tracking: {client.Server} refuses artifact {path} of run {run}: {refusal.Message}");
        }
        catch (MlflowException outage)
        {
            throw new TrackingUnavailableException(outage.Message, outage);
        }
    }

    private async Task BringAsync(string place, string file, string path, CancellationToken cancellationToken)
    {
        if (place.StartsWith("mlflow-artifacts:", StringComparison.Ordinal))
        {
            var folder = Uri.UnescapeDataString(new Uri(place).AbsolutePath).Trim('/');
            await client.UploadAsync(file, string.Join('/', $"{folder}/{path}".Split('/').Select(Uri.EscapeDataString)), cancellationToken);
        }
        else if (Uri.TryCreate(place, UriKind.Absolute, out var local) && local.IsFile)
        {
            Copy(file, Path.Combine(local.LocalPath, path));
        }
        else
        {
            warn($"tracking: artifact {path} stays in {file}: only a server that runs with --serve-artifacts can write files to '{place}'");
        }
    }

    // The folder may exist only on the server. That is not an outage, and waiting does not help.
    private void Copy(string file, string target)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            warn($"tracking: artifact stays in {file}: {target}, where {client.Server} expects it, cannot be written ({refusal.Message}); run the server with --serve-artifacts");
        }
    }
}
