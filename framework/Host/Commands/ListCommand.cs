using System.CommandLine;
using Experiments.Engine.Execution;

namespace Experiments.Host.Commands;

/// <summary><c>lab ls</c>.</summary>
public static class ListCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("ls", "Lists the runs, the newest first.");
        var runs = GlobalOptions.Runs();
        command.Add(runs);
        command.Does(arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            foreach (var run in All(folder).OrderByDescending(run => run.Id, StringComparer.Ordinal))
            {
                var journal = run.ReadJournal();
                var stages = journal.Where(entry => (string?)entry["event"] == RunEvents.StageDone).Select(entry => (string?)entry["stage"]).Distinct().Count();
                Console.WriteLine($"{run.Id}  {run.EndStatus() ?? "broken off",-11}  {stages,2} stages  {Path.GetFileName(Path.GetDirectoryName(run.Path))}");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>All runs of all recipes.</summary>
    public static IEnumerable<RunFolder> All(string runsFolder) =>
        Directory.Exists(runsFolder) ? Directory.EnumerateDirectories(runsFolder).SelectMany(RunFolder.Of).Where(run => File.Exists(run.JournalFile)) : [];
}
