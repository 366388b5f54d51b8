using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Graphs;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Arguments;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab lineage</c>.</summary>
public static class LineageCommand
{
    private const int KeyDigits = 12;
    private const int FiguresShown = 3;
    private const int FilesShown = 3;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("lineage", "Shows what an artifact was made from, back to the external files: plugins, keys, times, durations and results.");
        var reference = new Argument<string>("artifact") { Description = "The artifact: its folder, the folder's name, the beginning of its key, RUN/STAGE such as @1/base, or a stage's name for the newest run with this stage." };
        var graph = new Option<bool>("--graph") { Description = "Writes a Mermaid flowchart to paste into Markdown." };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(reference);
        command.Add(graph);
        command.Add(runs);
        command.Add(json);
        command.Does(arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var store = new ArtifactStore(Path.Combine(folder, "artifacts"), Console.Error.WriteLine);
            var lineage = Lineage.Of(ArtifactReference.Find(arguments.GetRequiredValue(reference), store, new RunCatalog(folder)), store);
            if (arguments.GetValue(graph))
            {
                Console.Write(LineageGraph.Of(lineage));
            }
            else if (arguments.GetValue(json))
            {
                WriteJson(lineage, []);
            }
            else
            {
                Write(lineage, "", "", "", []);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(Lineage node, string input, string branch, string below, HashSet<string> shown)
    {
        var isNew = shown.Add(node.Key);
        Console.WriteLine($"{branch}{input}{(isNew ? Line(node) : $"{Name(node)}, as above")}");
        foreach (var (each, index) in (isNew ? node.Inputs : []).Select((each, index) => (each, index)))
        {
            var (fork, under) = index == node.Inputs.Count - 1 ? ("└─ ", "   ") : ("├─ ", "│  ");
            if (each.Artifact is { } parent)
            {
                Write(parent, each.Name + ": ", below + fork, below + under, shown);
            }
            else
            {
                Console.WriteLine($"{below}{fork}{each.Name}: {Files(each.Files)}");
            }
        }
    }

    private static string Line(Lineage node)
    {
        if (node.Artifact is not { Manifest: var manifest })
        {
            return $"{Name(node)}, no longer in the store";
        }

        var results = manifest.Results.Where(result => !result.Key.Contains('/', StringComparison.Ordinal) && !result.Key.EndsWith("_per_second", StringComparison.Ordinal))
            .Take(FiguresShown).Select(result => $", {result.Key} {ProgressMeter.Number(result.Value)}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Name(node)}, {manifest.Finished:yyyy-MM-dd HH:mm} UTC, {ProgressMeter.Clock(TimeSpan.FromSeconds(manifest.Seconds))}{string.Concat(results)}");
    }

    private static string Name(Lineage node) =>
        node.Artifact is { Manifest: var manifest } ? $"{manifest.Plugin}@{manifest.Identity["plugin"]?["version"]} {node.Key[..KeyDigits]}" : node.Key[..KeyDigits];

    private static string Files(ExternalSource? files) => files is null
        ? "external files, whose names were not recorded"
        : $"file:{files.Pattern}, {files.Files.Count} {(files.Files.Count == 1 ? "file" : "files")} in {files.Folder}: {string.Join(", ", files.Files.Take(FilesShown))}{(files.Files.Count > FilesShown ? ", ..." : "")}";

    private static void WriteJson(Lineage node, HashSet<string> shown)
    {
        if (!shown.Add(node.Key))
        {
            return;
        }

        var manifest = node.Artifact?.Manifest;
        Console.WriteLine(new JsonObject
        {
            ["key"] = node.Key,
            ["folder"] = node.Artifact?.Folder,
            ["plugin"] = manifest?.Plugin,
            ["version"] = manifest?.Identity["plugin"]?["version"]?.DeepClone(),
            ["finished"] = manifest?.Finished,
            ["seconds"] = manifest?.Seconds,
            ["results"] = manifest is null ? null : new JsonObject(manifest.Results.Select(result => KeyValuePair.Create<string, JsonNode?>(
                result.Key, double.IsFinite(result.Value) ? result.Value : result.Value.ToString(CultureInfo.InvariantCulture)))),
            ["inputs"] = new JsonArray([.. node.Inputs.Select(input => new JsonObject
            {
                ["input"] = input.Name,
                ["key"] = input.Artifact?.Key,
                ["pattern"] = input.Files?.Pattern,
                ["folder"] = input.Files?.Folder,
                ["files"] = input.Files is null ? null : new JsonArray([.. input.Files.Files.Select(file => JsonValue.Create(file))]),
            })]),
        }.ToJsonString());
        foreach (var parent in node.Inputs.Select(input => input.Artifact).OfType<Lineage>())
        {
            WriteJson(parent, shown);
        }
    }
}
