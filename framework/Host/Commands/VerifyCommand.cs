using System.CommandLine;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;

namespace Experiments.Host.Commands;

/// <summary><c>lab verify</c>.</summary>
public static class VerifyCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("verify", "Reads every byte of every artifact and compares it with what was written; sets damaged ones aside.");
        var runs = GlobalOptions.Runs();
        command.Add(runs);
        command.Does(arguments =>
        {
            var store = new ArtifactStore(Path.Combine(arguments.GetRequiredValue(runs), "artifacts"), Console.WriteLine);
            var (whole, damaged) = (0, 0);
            foreach (var folder in store.Torn().ToList())
            {
                damaged++;
                store.SetAside(folder, "its manifest cannot be read");
            }

            foreach (var artifact in store.All().ToList())
            {
                if (artifact.Damage(hash: true) is { } damage)
                {
                    damaged++;
                    store.SetAside(artifact.Folder, damage);
                }
                else
                {
                    whole++;
                }
            }

            Console.WriteLine($"{whole} artifacts are whole, {damaged} were damaged.");
            return damaged == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
