using System.CommandLine;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Engine.Yaml;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab why</c>.</summary>
public static class WhyCommand
{
    private const int DigestDigits = 12;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("why", "Explains why a stage would run or not: everything that its key depends on, and each difference from its last run, with the upstream change that caused it.");
        var name = new Argument<string>("stage") { Description = "The stage." };
        command.Add(name);
        var recipeOptions = new RecipeOptions(command, isOptional: true);
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(runs);
        command.Add(json);
        command.Does(arguments =>
        {
            var runsFolder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var (store, catalog) = Wiring.Read(runsFolder);
            var recipe = recipeOptions.Read(arguments, catalog, new RunCatalog(runsFolder));
            var history = new RunHistory(Path.Combine(runsFolder, recipe.Name));
            var plan = new Planner(store, history).Plan(recipe);
            var wanted = arguments.GetRequiredValue(name);
            var stage = plan.FirstOrDefault(each => each.Stage.Name == wanted)
                ?? throw new UsageException($"{recipe.Path}: {Suggestion.No("stage", wanted, "stages", plan.Select(each => each.Stage.Name))}");
            var cause = new CauseTracer(plan, recipe.Seed, history).Trace(wanted);
            if (arguments.GetValue(json))
            {
                Console.WriteLine(Json(stage, cause).ToJsonString());
            }
            else
            {
                Write(stage, cause, plan, recipe);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(PlannedStage stage, Cause cause, IReadOnlyList<PlannedStage> plan, CheckedRecipe recipe)
    {
        Console.WriteLine($"{stage.Stage.Name}: {Phrases.Of(stage)}, {stage.Reason}");
        Differences(cause, plan);
        Console.WriteLine();
        var table = new Columns();
        table.Add("written", $"{stage.Stage.Location}");
        table.Add("key", stage.Work?.Key ?? "unknown until its inputs are made");
        if (stage.Artifact is { } artifact)
        {
            table.Add("artifact", Path.GetRelativePath(Environment.CurrentDirectory, artifact.Folder));
        }

        table.Add("plugin", $"{stage.Stage.Plugin.Name}@{stage.Stage.Plugin.Version}");
        table.Add("seed", $"{recipe.Seed}");
        foreach (var (input, source, digest) in Sources(stage))
        {
            table.Add(input, $"{(digest is null ? "not made yet" : digest[..DigestDigits])}  {Origin(source, plan)}");
        }

        table.Write(Console.Out, "  ");
        var options = new Columns();
        foreach (var (path, value) in FlatJson.Values(stage.Stage.Identity).Where(option => option.Key is not ("use" or "version")))
        {
            options.Add("with." + path, FlatJson.Show(value));
        }

        options.Write(Console.Out, "  ");
        var without = FlatJson.Values(stage.Stage.Full).ExceptBy(FlatJson.Values(stage.Stage.Identity).Select(option => option.Key), option => option.Key).ToList();
        if (without.Count > 0)
        {
            Console.WriteLine($"  not part of the key: {string.Join(", ", without.Select(option => $"{option.Key} = {FlatJson.Show(option.Value)}"))}");
        }
    }

    private static void Differences(Cause cause, IReadOnlyList<PlannedStage> plan)
    {
        if (cause.Since is not { } run)
        {
            return;
        }

        var roots = cause.Roots().ToList();
        Console.WriteLine(roots.Count == 0 ? $"Nothing has changed since run {run.Id}." : $"Changes since run {run.Id}, and their causes:");
        foreach (var root in roots)
        {
            var place = root.Way.Count == 0 ? "" : $"  ({plan.First(each => each.Stage.Name == root.Stage).Stage.Location})";
            Console.WriteLine($"  {root}{place}");
        }
    }

    private static IEnumerable<(string Input, InputSource Source, string? Digest)> Sources(PlannedStage stage) =>
        from input in stage.Stage.Inputs
        from pair in input.Sources.Select((source, index) => (source, index))
        let digest = stage.Work?.Inputs.First(each => each.Name == input.Name).Sources[pair.index].Digest
        select (pair.source.Label is null ? input.Name : $"{input.Name}.{pair.source.Label}", pair.source, digest);

    private static string Origin(InputSource source, IReadOnlyList<PlannedStage> plan) => source switch
    {
        StageOutput output => $"{output.Stage}{(output.Part.Length == 0 ? "" : "." + output.Part)}, {Phrases.Of(plan.First(stage => stage.Stage.Name == output.Stage))}",
        ExternalFiles files => $"file:{files.Pattern}, {files.Files.Count} {(files.Files.Count == 1 ? "file" : "files")}",
        _ => throw new NotSupportedException($"{source.GetType().Name} is not a known source of an input."),
    };

    private static JsonObject Json(PlannedStage stage, Cause cause) => new()
    {
        ["stage"] = stage.Stage.Name,
        ["state"] = stage.State.ToString().ToLowerInvariant(),
        ["reason"] = stage.Reason,
        ["key"] = stage.Work?.Key,
        ["identity"] = stage.Work?.Identity.DeepClone(),
        ["artifact"] = stage.Artifact?.Folder,
        ["inputs"] = new JsonArray([.. Sources(stage).Select(each => new JsonObject
        {
            ["input"] = each.Input,
            ["digest"] = each.Digest,
            ["stage"] = (each.Source as StageOutput)?.Stage,
            ["part"] = (each.Source as StageOutput)?.Part,
            ["files"] = (each.Source as ExternalFiles)?.Pattern,
        })]),
        ["since_run"] = cause.Since?.Id,
        ["causes"] = new JsonArray([.. cause.Roots().Select(root => new JsonObject
        {
            ["stage"] = root.Stage,
            ["way"] = new JsonArray([.. root.Way.Select(step => JsonValue.Create(step))]),
            ["change"] = root.Text,
        })]),
    };
}
