using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Collection;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab gc</c>.</summary>
public static class GcCommand
{
    private const int RunsKept = 3;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("gc", "Lists what no run needs: unused and damaged artifacts, abandoned attempts, compiled plugins. With --yes, deletes it. Keeps everything that the newest runs of each recipe and the runs in progress used. If the files of such a run are damaged, so that it is not known what it used, all artifacts are kept.");
        var keep = SharedOptions.WholeNumber("--keep", minimum: 1, $"Number of newest runs of each recipe whose artifacts are kept. Default: {RunsKept}.");
        var withRuns = new Option<bool>("--runs-too") { Description = "Also collects the folders of older runs whose records were sent to the tracker." };
        var yes = new Option<bool>("--yes") { Description = "Deletes what is listed." };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        foreach (var option in new Option[] { keep, withRuns, yes, runs, json })
        {
            command.Add(option);
        }

        command.Does(arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var collection = new GarbageCollection(folder, arguments.GetValue(keep) ?? RunsKept, TimeProvider.System);
            var garbage = collection.Find(arguments.GetValue(withRuns));
            var removed = arguments.GetValue(yes) && garbage.Count > 0 ? collection.Remove(garbage) : [];
            foreach (var doubt in collection.Doubts)
            {
                Console.Error.WriteLine($"all artifacts and attempts are kept: {doubt}");
            }

            if (arguments.GetValue(json))
            {
                foreach (var each in garbage)
                {
                    Console.WriteLine(Json(each, removed.Contains(each)).ToJsonString());
                }
            }
            else
            {
                Write(garbage, removed, arguments.GetValue(yes), folder);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(IReadOnlyList<Garbage> garbage, IReadOnlyList<Garbage> removed, bool isMeant, string folder)
    {
        if (garbage.Count == 0)
        {
            Console.WriteLine("Nothing to collect.");
            return;
        }

        var table = new Columns();
        var now = TimeProvider.System.GetUtcNow();
        foreach (var each in garbage)
        {
            var mark = isMeant ? removed.Contains(each) ? "deleted" : "kept" : "";
            table.Add(
            [
                .. isMeant ? [mark] : (string[])[],
                each.Kind.ToString().ToLowerInvariant(),
                Path.GetRelativePath(folder, each.Path),
                ProgressMeter.Bytes(each.Bytes),
                ProgressMeter.Ago(now - each.Changed),
                each.Why,
            ]);
        }

        table.Write(Console.Out);
        Console.WriteLine(isMeant
            ? $"{removed.Count} of {garbage.Count} deleted, {ProgressMeter.Bytes(removed.Sum(each => each.Bytes))}.{(removed.Count < garbage.Count ? " The rest was kept, because a run needs it now." : "")}"
            : $"{garbage.Count} to delete, {ProgressMeter.Bytes(garbage.Sum(each => each.Bytes))}. Nothing was deleted; --yes deletes it.");
    }

    private static JsonObject Json(Garbage garbage, bool isRemoved) => new()
    {
        ["kind"] = garbage.Kind.ToString().ToLowerInvariant(),
        ["path"] = garbage.Path,
        ["bytes"] = garbage.Bytes,
        ["changed"] = garbage.Changed,
        ["why"] = garbage.Why,
        ["deleted"] = isRemoved,
    };
}
