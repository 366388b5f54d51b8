using System.CommandLine;
using Experiments.Engine.Execution;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;

namespace Experiments.Host.Commands;

/// <summary><c>lab resume</c>.</summary>
public static class ResumeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("resume", "Resumes a run that was interrupted or failed: the same as `lab run` with its recipe, settings and profile, in the same working directory.");
        var reference = new Argument<string?>("run")
        {
            Description = "The run: its id or the beginning of it, a recipe's name for its newest run, @1 for the newest run of all. Default: the newest run that is not done.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var fresh = SharedOptions.Fresh();
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(reference);
        command.Add(fresh);
        command.Add(runs);
        command.Add(json);
        var trust = new TrustOptions(command);
        command.Does(async arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var run = RunToResume.Find(new RunCatalog(runsFolder), arguments.GetValue(reference), TimeProvider.System.GetUtcNow());
            var call = run.Call!;
            await Console.Error.WriteLineAsync($"{run.Id}: {call}").ConfigureAwait(false);
            Environment.CurrentDirectory = call.WorkingDirectory;
            var parts = Wiring.Execute(runsFolder);
            var reader = new RecipeReader(parts.Catalog) { PluginCache = SharedOptions.PluginCache(arguments), AcceptsCompiled = trust.IsCompiledByUser };
            var recipe = trust.Trusted(arguments, reader.Read(call.Recipe, call.Arguments));
            if (!await OwnRulesCheck.PassesAsync(recipe, runsFolder).ConfigureAwait(false))
            {
                return ExitCodes.Wrong;
            }

            if (!run.Folder.IsOf(recipe.Resolved))
            {
                await Console.Error.WriteLineAsync($"{call.Recipe} has changed since then, so this is a new run. It uses what is still valid in the store.").ConfigureAwait(false);
            }

            var request = new RunRequest(recipe, call.Selection with { Fresh = arguments.GetValue(fresh) }) { Jobs = call.Jobs };
            return await RunCommand.RunAsync(parts, request, arguments.GetValue(json)).ConfigureAwait(false);
        });
        return command;
    }
}
