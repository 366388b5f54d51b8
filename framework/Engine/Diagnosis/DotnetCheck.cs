using System.Runtime.InteropServices;

namespace Experiments.Engine.Diagnosis;

/// <summary>Checks the .NET runtime of this process, and the SDK that builds it.</summary>
public sealed class DotnetCheck(AskProgram ask) : ICheck
{
    private const string Sdk = "SDK";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var runtime = Finding.Ok("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription}");
        return [runtime, await ask("dotnet", ["--version"], cancellationToken).ConfigureAwait(false) switch
        {
            null => Finding.Warning(Sdk, "dotnet is not on the PATH", "this build runs without it; to build changes, install the .NET 10 SDK: https://dot.net/download"),
            { ExitCode: 0 } answer => Finding.Ok(Sdk, answer.Output),
            var answer => Finding.Warning(Sdk, $"dotnet --version fails: {answer.Errors.Split('\n')[0]}", "install the SDK that global.json asks for: https://dot.net/download"),
        }];
    }
}
