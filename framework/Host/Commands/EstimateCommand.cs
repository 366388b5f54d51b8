using System.CommandLine;
using Experiments.Contracts.Sizing;
using Experiments.Engine.Diagnosis;
using Experiments.Engine.Estimates;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab estimate</c>.</summary>
public static class EstimateCommand
{
    private const double MemoryShare = 0.7;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("estimate", "Estimates the cost of each training of a recipe before it runs: parameters, operations, tokens, memory, disk, and time. To predict the time, it measures this machine for about ten seconds per model.");
        var recipeOptions = new RecipeOptions(command);
        var noCalibration = new Option<bool>("--no-calibration") { Description = "Skips the measurement: shows only sizes and operations, at once." };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(noCalibration);
        command.Add(runs);
        command.Add(json);
        var trust = new TrustOptions(command);
        command.Does(async arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var (store, catalog) = Wiring.Read(runsFolder);
            var recipe = trust.IsGiven(arguments) ? trust.Trusted(arguments, recipeOptions.ReadToRun(arguments, catalog, trust)) : recipeOptions.Read(arguments, catalog);
            var plan = new Planner(store, new RunHistory(Path.Combine(runsFolder, recipe.Name))).Plan(recipe);
            var asked = new RecipeSizes(recipe.Catalog, new ArtifactSizes(recipe.Catalog).Of);
            var sizes = asked.Of(plan);
            var display = new EstimateDisplay(Console.Out, arguments.GetValue(json));
            Dictionary<string, Calibration> measured = [];
            foreach (var stage in sizes.Where(stage => stage.Size is { Architecture: not null } or { Training: not null }))
            {
                var isMeasured = stage.Size is { Training.Device: "cpu" } && !arguments.GetValue(noCalibration);
                var calibration = isMeasured ? await MeasureAsync(stage, recipe, measured).ConfigureAwait(false) : null;
                display.Write(stage, calibration);
            }

            display.End();
            string[] unsized = [.. recipe.Stages.Where(asked.IsUnsized).Select(stage => stage.Name)];
            if (unsized.Length > 0)
            {
                await Console.Error.WriteLineAsync($"not estimated: {string.Join(", ", unsized)}. Only the code of the recipe's plugin files tells their sizes; --trust runs it.").ConfigureAwait(false);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>Measures a model's work in a separate process. The same work is measured only once.</summary>
    private static async Task<Calibration> MeasureAsync(SizedStage stage, CheckedRecipe recipe, Dictionary<string, Calibration> measured)
    {
        var training = stage.Size.Training!;
        var request = new CalibrationRequest
        {
            Architecture = stage.Size.Architecture!.Value,
            Model = stage.Size.Model!,
            Training = training with { Steps = null, Missing = null, TokensRead = 0, TokensSampled = training.TokensSampled > 0 ? 1 : 0 },
            Threads = stage.Planned.Stage.Run.Threads ?? Environment.ProcessorCount,
            MemoryBytes = (long)(MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            PluginAssemblies = [.. recipe.Plugins.Select(file => file.AssemblyPath).OfType<string>()],
        }.Write();
        if (!measured.TryGetValue(request, out var calibration))
        {
            await Console.Error.WriteLineAsync($"measuring the work of '{stage.Planned.Stage.Name}' on this machine ...").ConfigureAwait(false);
            var own = OwnCommand.Of(CalibrateCommand.Name);
            var answer = await Programs.AskAsync(own.Program, [.. own.Arguments, request], CancellationToken.None).ConfigureAwait(false);
            measured[request] = calibration = answer is { ExitCode: 0 }
                ? Calibration.Read(answer.Output.Split('\n')[^1])
                : throw new InvalidDataException($"'{stage.Planned.Stage.Name}' could not be measured: {answer?.Errors.Split('\n')[0]} (--no-calibration shows its sizes)");
        }

        return calibration;
    }
}
