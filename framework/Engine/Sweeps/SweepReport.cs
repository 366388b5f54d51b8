using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Sweeps;

/// <summary>Writes the results of a sweep: <c>sweep.json</c> for programs, <c>report.md</c> for people.</summary>
public static class SweepReport
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes both files. Existing files are replaced.</summary>
    public static void Write(SweepResult result)
    {
        DurableFiles.Replace(result.Folder.ResultFile, ToJson(result).ToJsonString(Indented) + "\n");
        DurableFiles.Replace(result.Folder.ReportFile, ToMarkdown(result));
    }

    /// <summary>
    /// The table's heading and rows, the best point first. Columns: rank, values, objective, standard error if there
    /// are several seeds, runs.
    /// </summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(SweepStandings standings)
    {
        var plan = standings.Plan;
        var hasErrors = plan.Seeds.Count > 1;
        yield return ["", .. plan.Parameters.Select(parameter => parameter.Name), $"{plan.Objective.Stage}.{plan.Objective.Metric}", .. hasErrors ? ["standard error", "seeds"] : (string[])[], hasErrors ? "runs" : "run"];
        foreach (var (index, point) in standings.Ranked.Index())
        {
            yield return
            [
                point.Mean is null ? "" : $"{index + 1}",
                .. plan.Parameters.Select(parameter => SweepPoint.Show(point.Values[parameter.Name])),
                point.Mean is { } mean ? Figure(mean) : "failed",
                .. hasErrors ? [point.StandardError is { } error ? Figure(error) : "", $"{point.Objectives.Count}/{plan.Seeds.Count}"] : (string[])[],
                string.Join(' ', point.Trials.Select(trial => trial.End.Run).OfType<string>()),
            ];
        }
    }

    /// <summary>The trials that failed, each with its reason on one line.</summary>
    public static IEnumerable<string> Failures(SweepStandings standings) =>
        from point in standings.Points
        from trial in point.Trials
        where trial.End.Status == EndStatus.Failed
        select $"trial {trial.Trial.Number} ({trial.Trial.Values}, seed {trial.Trial.Seed}): {trial.End.Message?.ReplaceLineEndings(" ")}";

    /// <summary>A number with six significant digits.</summary>
    public static string Figure(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static JsonObject ToJson(SweepResult result)
    {
        var (standings, plan) = (result.Standings, result.Standings.Plan);
        return new()
        {
            ["sweep"] = result.Folder.Id,
            ["status"] = result.Status.Word(),
            ["objective"] = plan.Objective.ToString(),
            ["settings"] = plan.Resolved.DeepClone(),
            ["trials"] = plan.Trials,
            ["ended"] = standings.Ended,
            ["failed"] = standings.Failed,
            ["points"] = new JsonArray([.. standings.Ranked.Select(point => new JsonObject
            {
                ["point"] = point.Number,
                ["values"] = point.Values.ToJson(),
                ["objective"] = point.Mean,
                ["standard_error"] = point.StandardError,
                ["trials"] = new JsonArray([.. point.Trials.Select(Trial)]),
            })]),
        };

        static JsonObject Trial((Trial Trial, TrialEnd End) trial)
        {
            var json = trial.End.ToJson(trial.Trial);
            json["seed"] = trial.Trial.Seed;
            return json;
        }
    }

    private static string ToMarkdown(SweepResult result)
    {
        var (standings, plan) = (result.Standings, result.Standings.Plan);
        var text = new StringBuilder($"# Sweep {result.Folder.Id}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{plan.Method.ToString().ToLowerInvariant()}, {plan.Objective}: {standings.Ended} of {plan.Trials} trials ended, {standings.Failed} failed.\n\n");
        foreach (var (index, row) in Rows(standings).Index())
        {
            text.Append($"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");
            text.Append(index == 0 ? $"|{string.Concat(Enumerable.Repeat("---|", row.Count))}\n" : "");
        }

        var failures = Failures(standings).ToList();
        text.Append(failures.Count == 0 ? "" : $"\n## Failed\n\n{string.Concat(failures.Select(failure => $"- {failure}\n"))}");
        text.Append($"\n## Paths of the parameters\n\n{string.Concat(plan.Parameters.Select(parameter => $"- {parameter.Name}: `{parameter.Path}`\n"))}");
        return text.ToString();
    }
}
