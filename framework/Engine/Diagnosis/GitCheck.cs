namespace Experiments.Engine.Diagnosis;

/// <summary>Checks git. Runs record the commit and the uncommitted changes.</summary>
public sealed class GitCheck(AskProgram ask) : ICheck
{
    private const string Subject = "git";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        if (await ask("git", ["--version"], cancellationToken).ConfigureAwait(false) is not { ExitCode: 0 } version)
        {
            return [Finding.Warning(Subject, "is not installed", "install git: runs record the commit that they ran from")];
        }

        var commit = await ask("git", ["rev-parse", "--short", "HEAD"], cancellationToken).ConfigureAwait(false);
        return [commit is { ExitCode: 0 }
            ? Finding.Ok(Subject, $"{version.Output}, at {commit.Output}")
            : Finding.Warning(Subject, $"{version.Output}; this folder has no commit", "keep recipes in a git repository, so that runs record the commit and the changes that they ran from")];
    }
}
