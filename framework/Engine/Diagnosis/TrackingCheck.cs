using System.Text.Json;
using Experiments.Contracts.Tracking;

namespace Experiments.Engine.Diagnosis;

/// <summary>Whether what runs record can reach the tracker's store.</summary>
/// <param name="open">Opens the store; raises the exception that says what is wrong with its address.</param>
public sealed class TrackingCheck(Func<ITrackingStore> open) : ICheck
{
    private const string Subject = "tracking";
    private const string Patient = "runs go on without it, and `lab sync` sends later what they record";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var store = open();
            var health = await store.CheckAsync(cancellationToken).ConfigureAwait(false);
            return [health.Remedy is { } remedy ? Finding.Warning(Subject, health.Text, $"{remedy}; {Patient}") : Finding.Ok(Subject, health.Text)];
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidDataException or JsonException)
        {
            return [Finding.Problem(Subject, problem.Message, "correct the address, or unset the environment variable that gives it")];
        }
    }
}
