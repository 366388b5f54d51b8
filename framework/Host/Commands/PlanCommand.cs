using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Planning;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab plan</c>.</summary>
public static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("plan", "Shows what a run would do with each stage, why, and about how long it would take. Runs nothing. `lab why STAGE RECIPE` explains one stage.");
        var recipeOptions = new RecipeOptions(command);
        var graph = new Option<bool>("--graph") { Description = "Writes the stages as a Mermaid flowchart to paste into Markdown." };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(graph);
        command.Add(runs);
        command.Add(json);
        command.Does(arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var (store, catalog) = Wiring.Read(runsFolder);
            var recipe = recipeOptions.Read(arguments, catalog);
            var history = new RunHistory(Path.Combine(runsFolder, recipe.Name));
            var plan = new Planner(store, history).Plan(recipe);
            if (arguments.GetValue(graph))
            {
                Console.Write(PlanGraph.Of(plan));
                return ExitCodes.Done;
            }

            var estimate = PlanEstimate.Of(plan, new StageTimes(store, history));
            if (arguments.GetValue(json))
            {
                WriteJson(plan, estimate);
            }
            else
            {
                Write(plan, estimate);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(IReadOnlyList<PlannedStage> plan, PlanEstimate estimate)
    {
        var table = new Columns();
        foreach (var stage in plan)
        {
            table.Add(stage.Stage.Name, Phrases.Of(stage), Time(stage, estimate), stage.Warning is null ? stage.Reason : $"{stage.Reason}; warning: {stage.Warning}");
        }

        table.Write(Console.Out);
        Console.WriteLine(Total(plan, estimate));
    }

    private static string Time(PlannedStage stage, PlanEstimate estimate)
    {
        if (!estimate.Stages.TryGetValue(stage.Stage.Name, out var known))
        {
            return "";
        }

        var clock = known is null ? "time unknown" : ProgressMeter.Clock(known.Duration);
        return known is null ? clock
            : known.Changes.Count > 0 ? $"about {clock}?"
            : stage.State == StageState.Resume ? "at most " + clock
            : "about " + clock;
    }

    private static string Total(IReadOnlyList<PlannedStage> plan, PlanEstimate estimate)
    {
        var hits = plan.Count(stage => stage.State == StageState.Hit);
        if (hits == plan.Count)
        {
            return $"Nothing to do: all {plan.Count} stages are in the store.";
        }

        var unknown = estimate.Unknown;
        var time = unknown.Count == estimate.Stages.Count
            ? "the time is unknown, because none of their plugins has run yet"
            : $"about {ProgressMeter.Clock(estimate.Total)} one after another"
                + (unknown.Count == 0 ? "" : $", plus {string.Join(", ", unknown)}, whose plugins have never run");
        var isGuess = estimate.Stages.Values.Any(stage => stage is { Changes.Count: > 0 });
        return $"{hits} of {plan.Count} stages are in the store, {plan.Count - hits} to run: {time}.{(isGuess ? " ?: the time is from a run with different options." : "")}";
    }

    private static void WriteJson(IReadOnlyList<PlannedStage> plan, PlanEstimate estimate)
    {
        foreach (var stage in plan)
        {
            var known = estimate.Stages.GetValueOrDefault(stage.Stage.Name);
            Console.WriteLine(new JsonObject
            {
                ["stage"] = stage.Stage.Name,
                ["plugin"] = stage.Stage.Plugin.Name,
                ["state"] = stage.State.ToString().ToLowerInvariant(),
                ["reason"] = stage.Reason,
                ["warning"] = stage.Warning,
                ["key"] = stage.Work?.Key,
                ["step"] = stage.Step,
                ["artifact"] = stage.Artifact?.Folder,
                ["seconds"] = known?.Duration.TotalSeconds,
                ["seconds_differ_by"] = known is null ? null : new JsonArray([.. known.Changes.Select(change => JsonValue.Create(change.ToString()))]),
            }.ToJsonString());
        }
    }
}
