using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Workers;
using Experiments.Engine.Workers.Local;
using Experiments.Host.Commands;

namespace Experiments.Host.Arguments;

/// <summary>Has the rules that are code of plugin files checked in a process of its own, before the first stage runs.</summary>
public static class OwnRulesCheck
{
    /// <summary>Checks a recipe whose plugin files the user trusts.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="runsFolder">The folder of runs.</param>
    /// <returns>Whether the recipe meets the rules. If not, its problems were written to standard error.</returns>
    public static async Task<bool> PassesAsync(CheckedRecipe recipe, string runsFolder)
    {
        if (OwnRules.Of(recipe).Count == 0)
        {
            return true;
        }

        using var process = ChildProcess.Start(OwnCommand.Of(CheckCommand.Name), Arguments(recipe, runsFolder), [], TimeProvider.System);
        var exitCode = await process.ReadToEndAsync((_, _) => { }, Console.Error.WriteLine).ConfigureAwait(false);
        if (exitCode is not (ExitCodes.Done or ExitCodes.Wrong))
        {
            var files = string.Join(", ", recipe.Plugins.Select(file => file.Path));
            await Console.Error.WriteLineAsync($"The rules of {files} could not be checked: {ChildProcess.Obituary(exitCode)}").ConfigureAwait(false);
        }

        return exitCode == ExitCodes.Done;
    }

    private static IEnumerable<string> Arguments(CheckedRecipe recipe, string runsFolder) =>
    [
        recipe.Path,
        .. recipe.Arguments.Profile is { } profile ? ["--profile", profile] : (string[])[],
        .. recipe.Arguments.Sets.SelectMany(set => (string[])["--set", set]),
        .. recipe.Plugins.SelectMany(file => (string[])[PluginFile.TrustedOption, file.Source]),
        "--runs", runsFolder,
    ];
}
