using System.ComponentModel;
using System.Diagnostics;

namespace Experiments.Engine.Diagnosis;

/// <summary>Runs a program and returns its answer.</summary>
/// <param name="program">Its name or path.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="cancellationToken">Stops waiting for the answer.</param>
/// <returns>Its answer, or null when there is no such program.</returns>
public delegate Task<ProgramAnswer?> AskProgram(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken);

/// <summary>What a program answered.</summary>
/// <param name="ExitCode">Its exit code; 128 plus the signal's number when a signal ended it.</param>
/// <param name="Output">Its standard output, trimmed.</param>
/// <param name="Errors">Its standard error, trimmed.</param>
public sealed record ProgramAnswer(int ExitCode, string Output, string Errors);

/// <summary>Runs the programs of this machine.</summary>
public static class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <inheritdoc cref="AskProgram"/>
    public static async Task<ProgramAnswer?> AskAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            var output = await process.StandardOutput.ReadToEndAsync(deadline.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            return new(process.ExitCode, output.Trim(), (await errors.ConfigureAwait(false)).Trim());
        }
        catch (Win32Exception)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(1, "", $"no answer within {Patience.TotalMinutes} minutes");
        }
    }
}
