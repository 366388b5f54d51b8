using System.CommandLine;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab verify</c>.</summary>
public static class VerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("verify", "Reads every artifact, compares it with the hashes recorded when it was written, and sets damaged artifacts aside. Reads the files of every run, and says which are damaged.");
        var runs = SharedOptions.Runs();
        command.Add(runs);
        command.Does(arguments =>
        {
            var store = new ArtifactStore(Path.Combine(arguments.GetRequiredValue(runs), "artifacts"), Console.WriteLine);
            var (whole, damaged) = store.Verify();
            Console.WriteLine($"{whole} artifacts are intact, {damaged} were damaged.");
            var problems = RunDamage.In(Path.GetFullPath(arguments.GetRequiredValue(runs)));
            foreach (var problem in problems)
            {
                Console.WriteLine(problem);
            }

            return damaged == 0 && problems.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
