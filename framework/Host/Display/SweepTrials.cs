using System.Text.Json.Nodes;
using Experiments.Contracts.Running;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Sweeps;

namespace Experiments.Host.Display;

/// <summary>The trials of a sweep before they are run: <c>lab sweep --plan</c>.</summary>
public static class SweepTrials
{
    /// <summary>
    /// Lists the trials, with the state of those that were started. Points whose choice depends on earlier results are
    /// only counted.
    /// </summary>
    /// <param name="plan">The sweep.</param>
    /// <param name="folder">The folder of the sweep if it was started, or null.</param>
    /// <param name="json">Whether to write JSON lines.</param>
    public static void Write(SweepPlan plan, SweepFolder? folder, bool json)
    {
        var method = ISweepMethod.Of(plan);
        var record = folder is null ? null : new SweepRecord(folder);
        var table = new Columns();
        table.Add(["trial", .. plan.Parameters.Select(parameter => parameter.Name), "seed", "state"]);
        var open = 0;
        for (var number = 1; number <= plan.Points; number++)
        {
            if ((record?.Point(number) ?? (method.Learns(number) ? null : method.Choose(number, []))) is not { } values)
            {
                open++;
                continue;
            }

            foreach (var trial in Enumerable.Range(0, plan.Seeds.Count).Select(seed => plan.Trial(number, values, seed)))
            {
                var end = record?.Ended.GetValueOrDefault(trial.Number);
                var state = end is not null ? end.Status.Word() : record?.IsBrokenOff(trial.Number) == true ? "begun" : "to run";
                table.Add([$"{trial.Number}", .. plan.Parameters.Select(parameter => SweepPoint.Show(values[parameter.Name])), $"{trial.Seed}", end?.Objective is { } objective ? $"{state}: {SweepReport.Figure(objective)}" : state]);
                if (json)
                {
                    Console.WriteLine(new JsonObject { ["trial"] = trial.Number, ["point"] = number, ["values"] = values.ToJson(), ["seed"] = trial.Seed, ["state"] = state, ["objective"] = end?.Objective }.ToJsonString());
                }
            }
        }

        if (!json)
        {
            table.Write(Console.Out);
            Console.WriteLine($"{plan.Trials} trials, {plan.Objective}{(open > 0 ? $"; {open} of {plan.Points} points are chosen from the results of earlier ones" : "")}.");
        }
    }
}
