using System.CommandLine;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab verify</c>.</summary>
public static class VerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("verify", "Reads every artifact, compares it with the hashes recorded when it was written, and sets damaged artifacts aside.");
        var runs = SharedOptions.Runs();
        command.Add(runs);
        command.Does(arguments =>
        {
            var store = new ArtifactStore(Path.Combine(arguments.GetRequiredValue(runs), "artifacts"), Console.WriteLine);
            var (whole, damaged) = store.Verify();
            Console.WriteLine($"{whole} artifacts are intact, {damaged} were damaged.");
            return damaged == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
