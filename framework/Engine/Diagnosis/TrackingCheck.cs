using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Diagnosis;

/// <summary>Checks whether the tracker's store can be reached.</summary>
/// <param name="open">Opens the store; throws when its address is wrong.</param>
public sealed class TrackingCheck(Func<ITrackingStore> open) : ICheck
{
    private const string Subject = "tracking";
    private const string Patient = "runs continue without it, and `lab sync` later sends what they recorded";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var store = open();
            var health = await store.CheckAsync(cancellationToken).ConfigureAwait(false);
            return [health.Remedy is { } remedy ? Finding.Warning(Subject, health.Text, $"{remedy}; {Patient}") : Finding.Ok(Subject, health.Text)];
        }
        catch (Exception problem) when (problem is UsageException or InvalidDataException or JsonException)
        {
            return [Finding.Problem(Subject, problem.Message, "correct tracking in the recipe, or the environment variable that the message names")];
        }
    }
}
