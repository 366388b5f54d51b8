using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Execution;
using Experiments.Engine.Planning;
using Experiments.Engine.Plugins;
using Experiments.Host.Display;
using Microsoft.Extensions.DependencyInjection;

namespace Experiments.Host.Commands;

/// <summary><c>lab plan</c>.</summary>
public static class PlanCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("plan", "Says what a run would do with each stage, and why, without running anything.");
        var recipeOptions = new RecipeOptions(command);
        var runs = GlobalOptions.Runs();
        var json = GlobalOptions.Json();
        command.Add(runs);
        command.Add(json);
        command.Does(arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var services = Wiring.Build(runsFolder);
            var recipe = recipeOptions.Read(arguments, services.GetRequiredService<PluginCatalog>());
            var planner = new Planner(services.GetRequiredService<ArtifactStore>(), new RunHistory(Path.Combine(runsFolder, recipe.Name)));
            var plan = planner.Plan(recipe);
            var width = plan.Max(stage => stage.Stage.Name.Length);
            foreach (var stage in plan)
            {
                Console.WriteLine(arguments.GetValue(json) ? Json(stage) : $"{stage.Stage.Name.PadRight(width)}  {Phrases.Of(stage),-8}  {stage.Reason}");
                if (stage.Warning is not null && !arguments.GetValue(json))
                {
                    Console.WriteLine($"{"".PadRight(width)}  warning: {stage.Warning}");
                }
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Json(PlannedStage stage) => new JsonObject
    {
        ["stage"] = stage.Stage.Name,
        ["plugin"] = stage.Stage.Plugin.Name,
        ["state"] = stage.State.ToString().ToLowerInvariant(),
        ["reason"] = stage.Reason,
        ["warning"] = stage.Warning,
        ["key"] = stage.Work?.Key,
        ["step"] = stage.Step,
        ["artifact"] = stage.Artifact?.Folder,
    }.ToJsonString();
}
