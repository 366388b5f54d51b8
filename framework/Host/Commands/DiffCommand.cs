using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Workers;
using Experiments.Host.Display;

namespace Experiments.Host.Commands;

/// <summary><c>lab diff</c>.</summary>
public static class DiffCommand
{
    private const int LongestValue = 40;
    private const int DigestDigits = 12;
    private const int DigestLength = 64;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("diff", "Compares two runs: options, inputs, versions, seed, results and times. Shows only what differs, unless --all is given.");
        var left = new Argument<string>("run") { Description = "A run: its id or the beginning of it, a recipe's name for its newest run, @1 for the newest run of all, @2 for the one before." };
        var right = new Argument<string>("other") { Description = "The run to compare it with." };
        var all = new Option<bool>("--all") { Description = "Also shows what is the same." };
        var runs = SharedOptions.Runs();
        var json = SharedOptions.Json();
        command.Add(left);
        command.Add(right);
        command.Add(all);
        command.Add(runs);
        command.Add(json);
        command.Does(arguments =>
        {
            var folder = Path.GetFullPath(arguments.GetRequiredValue(runs));
            var catalog = new RunCatalog(folder);
            var (old, now) = (catalog.Find(arguments.GetRequiredValue(left)), catalog.Find(arguments.GetRequiredValue(right)));
            var store = new ArtifactStore(Path.Combine(folder, "artifacts"), Console.Error.WriteLine);
            var values = RunComparison.Between(old, now, store, TimeProvider.System.GetUtcNow());
            var shown = values.Where(value => arguments.GetValue(all) || !value.IsSame).ToList();
            if (arguments.GetValue(json))
            {
                shown.ForEach(value => Console.WriteLine(Json(value).ToJsonString()));
            }
            else
            {
                Write(old, now, shown, values.Count);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Write(RunRecord left, RunRecord right, IReadOnlyList<ComparedValue> shown, int all)
    {
        var table = new Columns();
        table.Add("", left.Id, right.Id, "");
        foreach (var stage in shown.GroupBy(value => value.Stage))
        {
            table.Add(stage.Key == RunComparison.Whole ? "run" : stage.Key);
            foreach (var value in stage)
            {
                table.Add("  " + value.Name, Show(value.Left), Show(value.Right), Change(value));
            }
        }

        table.Write(Console.Out);
        Console.WriteLine(shown.All(value => value.IsTime)
            ? $"The runs differ only in their times; {all} values compared."
            : $"{shown.Count(value => !value.IsSame)} of {all} values differ.");
    }

    private static string Show(JsonNode? value)
    {
        if (value is null)
        {
            return "-";
        }

        if (value.GetValueKind() == JsonValueKind.Number)
        {
            return double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture).ToString("G7", CultureInfo.InvariantCulture);
        }

        var text = FlatJson.Show(value);
        return text.Length == DigestLength && text.All(char.IsAsciiHexDigitLower) ? text[..DigestDigits]
            : text.Length <= LongestValue ? text
            : text[..LongestValue] + "...";
    }

    private static string Change(ComparedValue value)
    {
        if (value.IsSame || value.Change is not { } change)
        {
            return "";
        }

        var share = value.Share is { } part ? string.Create(CultureInfo.InvariantCulture, $"  {part * 100:+0.##;-0.##;0}%") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{(change > 0 ? "+" : "")}{change:G4}{share}");
    }

    private static JsonObject Json(ComparedValue value) => new()
    {
        ["stage"] = value.Stage.Length == 0 ? null : value.Stage,
        ["name"] = value.Name,
        ["left"] = value.Left?.DeepClone(),
        ["right"] = value.Right?.DeepClone(),
        ["same"] = value.IsSame,
        ["change"] = value.Change,
        ["share"] = value.Share,
    };
}
