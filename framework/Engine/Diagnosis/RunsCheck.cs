namespace Experiments.Engine.Diagnosis;

/// <summary>Checks whether the files of the runs are intact.</summary>
/// <param name="find">Finds what is damaged, one line each.</param>
public sealed class RunsCheck(Func<IReadOnlyList<string>> find) : ICheck
{
    private const string Subject = "runs";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>(find() is { Count: > 0 } damage
            ? [.. damage.Select(line => Finding.Warning(Subject, line, "`lab gc` keeps everything that the run may have used"))]
            : [Finding.Ok(Subject, "their files are intact")]);
}
