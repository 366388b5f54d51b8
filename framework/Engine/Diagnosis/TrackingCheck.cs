using Experiments.Engine.Tracking;

namespace Experiments.Engine.Diagnosis;

/// <summary>Checks whether MLflow can be reached.</summary>
/// <param name="target">Returns where runs are tracked; throws when the address is wrong.</param>
/// <param name="time">The clock for time-outs.</param>
public sealed class TrackingCheck(Func<TrackingTarget> target, TimeProvider time) : ICheck
{
    private const string Subject = "MLflow";
    private const string Patient = "runs continue without it, and `lab sync` sends what they recorded later";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        TrackingTarget resolved;
        try
        {
            resolved = target();
        }
        catch (ArgumentException problem)
        {
            return [Finding.Problem(Subject, problem.Message, $"correct it, or unset {TrackingTarget.Variable}")];
        }

        if (!resolved.IsServer)
        {
            return [Finding.Ok(Subject, $"a file store, {resolved}; `mlflow ui --backend-store-uri {resolved}` opens it")];
        }

        try
        {
            using var client = new MlflowClient(MlflowConnection.FromEnvironment(resolved.Uri, resolved.UserInfo) with { TryTime = TimeSpan.FromSeconds(5) }, time);
            await client.OnceAsync(token => client.CallAsync(HttpMethod.Get, "experiments/search?max_results=1", null, token), cancellationToken).ConfigureAwait(false);
            return [Finding.Ok(Subject, $"{resolved} answers")];
        }
        catch (TrackingUnavailableException problem)
        {
            return [Finding.Warning(Subject, $"{resolved} does not answer: {problem.Message}", $"start it, or correct {TrackingTarget.Variable}; {Patient}")];
        }
        catch (MlflowException problem)
        {
            return [Finding.Warning(Subject, $"{resolved} refuses: {problem.Message}", $"set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN; {Patient}")];
        }
    }
}
