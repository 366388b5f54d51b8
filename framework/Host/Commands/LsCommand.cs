using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab ls</c>.</summary>
public static class LsCommand
{
    private const int FiguresShown = 2;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("ls", "Lists the runs with status, duration and newest result, the newest run first.");
        var recipe = new Argument<string?>("recipe") { Description = "The name of a recipe; lists only its runs.", Arity = ArgumentArity.ZeroOrOne };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(recipe);
        command.Add(runs);
        command.Add(json);
        command.Does(arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var (catalog, wanted) = (new RunCatalog(folder), arguments.GetValue(recipe));
            var store = new ArtifactStore(Path.Combine(folder, "artifacts"), Console.Error.WriteLine);
            var now = TimeProvider.System.GetUtcNow();
            var listed = wanted is null ? catalog.Runs : catalog.Runs.Where(run => run.Recipe == catalog.Find(wanted).Recipe);
            var summaries = listed.Select(run => RunSummary.Of(run, store, now)).ToList();
            if (arguments.GetValue(json))
            {
                summaries.ForEach(summary => Console.WriteLine(Json(summary).ToJsonString()));
            }
            else
            {
                Write(summaries, now, folder);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(IReadOnlyList<RunSummary> summaries, DateTimeOffset now, string folder)
    {
        if (summaries.Count == 0)
        {
            Console.WriteLine($"{folder} has no runs. Start one: ./lab run recipes/quickstart.yaml");
            return;
        }

        var table = new Columns();
        table.Add("run", "recipe", "status", "began", "took", "stages", "newest result");
        foreach (var summary in summaries)
        {
            table.Add(
                summary.Run.Id,
                summary.Run.Recipe,
                summary.Status.Word() + (summary.Run.Damage.Count > 0 ? ", damaged" : ""),
                summary.Run.Started is { } started ? ProgressMeter.Ago(now - started) : "",
                ProgressMeter.Clock(summary.Duration),
                $"{summary.Done}/{summary.Stages}",
                summary.Newest is null ? "" : $"{summary.Newest}: {string.Join(", ", summary.Results.Take(FiguresShown).Select(figure => $"{figure.Key} {ProgressMeter.Number(figure.Value)}"))}");
        }

        table.Write(Console.Out);
        if (summaries.Any(summary => summary.Run.Damage.Count > 0))
        {
            Console.WriteLine("`lab verify` says what is damaged, and what to do.");
        }
    }

    private static JsonObject Json(RunSummary summary) => new()
    {
        ["run"] = summary.Run.Id,
        ["recipe"] = summary.Run.Recipe,
        ["status"] = summary.Status.Word(),
        ["began"] = summary.Run.Started,
        ["seconds"] = Math.Round(summary.Duration.TotalSeconds, 3),
        ["stages_done"] = summary.Done,
        ["stages"] = summary.Stages,
        ["newest_stage"] = summary.Newest,
        ["results"] = new JsonObject(summary.Results.Select(figure => KeyValuePair.Create<string, JsonNode?>(
            figure.Key, double.IsFinite(figure.Value) ? figure.Value : figure.Value.ToString(CultureInfo.InvariantCulture)))),
        ["call"] = summary.Run.Call?.ToString(),
        ["damage"] = new JsonArray([.. summary.Run.Damage.Select(damage => JsonValue.Create(damage))]),
        ["folder"] = summary.Run.Folder.Path,
    };
}
