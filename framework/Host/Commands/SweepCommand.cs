using System.CommandLine;
using Experiments.Contracts;
using Experiments.Engine.Execution;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab sweep</c>.</summary>
public static class SweepCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("sweep", "Runs a recipe at each point of its sweep: a grid of values, random points, or points that tpe proposes. The same command resumes an interrupted sweep.");
        var recipeOptions = new RecipeOptions(command);
        var trust = new TrustOptions(command);
        var planOnly = new Option<bool>("--plan") { Description = "Lists the trials without running any." };
        var parallel = SharedOptions.WholeNumber(
            "--parallel", minimum: 1, "Number of trials that run at the same time, each with its share of the cores and the memory. Default: 1.");
        var until = new Option<string?>("--until") { Description = "In each trial, runs only this stage and all stages that it depends on. Default: the whole recipe.", HelpName = "stage" };
        var retry = new Option<bool>("--retry-failed") { Description = "Runs failed trials again. By default they stay failed, because the points that tpe proposes depend on their results." };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        foreach (var option in new Option[] { planOnly, parallel, until, retry, runs, json })
        {
            command.Add(option);
        }

        command.Does(async arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var parts = Wiring.Execute(runsFolder);
            var recipe = recipeOptions.ReadToRun(arguments, parts.Catalog, trust);
            var plan = recipe.Sweep ?? throw new UsageException($"{recipe.Path}: the recipe has no 'sweep', which says what to try. Add one: sweep: {{ space: {{ lr: {{ path: stages.base.with.optimizer.learning_rate, values: [3e-4, 1e-3] }} }}, objective: {{ minimize: base.validation_loss }} }}.");
            SweepCheck.Run(recipe, recipeOptions.Reader(arguments, parts.Catalog));
            var display = arguments.GetValue(json) ? (ISweepObserver)new SweepJsonDisplay(Console.Out) : new SweepDisplay(Console.Out);
            var known = SweepFolder.Find(Path.Combine(runsFolder, recipe.Name), recipe.Resolved, plan);
            if (arguments.GetValue(planOnly))
            {
                SweepTrials.Write(plan, known, arguments.GetValue(json));
                return ExitCodes.Done;
            }

            var selected = new RunSelection { Until = arguments.GetValue(until) };
            if (!selected.Apply(recipe).Contains(plan.Objective.Stage))
            {
                throw new UsageException($"--until {selected.Until} leaves out stage '{plan.Objective.Stage}', which computes the objective '{plan.Objective.Metric}'.");
            }

            recipe = trust.Trusted(arguments, recipe);
            if (!await OwnRulesCheck.PassesAsync(recipe, runsFolder).ConfigureAwait(false))
            {
                return ExitCodes.Wrong;
            }

            var request = new SweepRequest(recipe) { Parallel = arguments.GetValue(parallel) ?? 1, Until = selected.Until, RetriesFailed = arguments.GetValue(retry) };
            using var interruption = new Interruption(Console.Error.WriteLine);
            var result = await parts.Execution.SweepAsync(request, display, Console.Error.WriteLine, interruption.Token).ConfigureAwait(false);
            return result.ExitCode;
        });
        return command;
    }
}
