using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Binds a recipe's <c>sweep:</c>.</summary>
/// <param name="binder">Binds the settings.</param>
/// <param name="problems">Collects the problems.</param>
/// <param name="isSettable">Whether the recipe has the beginning of a path; reports it otherwise.</param>
internal sealed class SweepReader(OptionsBinder binder, RecipeProblems problems, Func<string, SourceLocation, bool> isSettable)
{
    private const string Subject = "sweep";
    private static readonly string[] Varied = ["vars", "stages"];

    /// <summary>The largest number of runs of one sweep.</summary>
    internal const int MostTrials = 100_000;

    /// <summary>Binds the settings; null when there are none, or after a problem, which is reported.</summary>
    /// <param name="node">What was written.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="names">The names of the recipe's stages.</param>
    /// <param name="stages">Those of them that could be bound.</param>
    public SweepPlan? Read(RecipeNode? node, ulong seed, IReadOnlyList<string> names, IReadOnlyList<BoundStage> stages)
    {
        if (node is null or BrokenNode or ScalarNode { IsNull: true })
        {
            return null;
        }

        var before = problems.Count;
        var (settings, resolved) = binder.BindRecord<SweepSettings>(node, node.Location, Subject);
        var space = (node as MappingNode)?["space"] as MappingNode;
        foreach (var entry in space?.Entries ?? [])
        {
            if ((entry.Value as MappingNode)?["path"] is ScalarNode { IsNull: false } path
                && isSettable(path.Text, path.Location)
                && !Varied.Contains(path.Text.Split('.')[0]))
            {
                problems.Add(path.Location, $"{Subject}: '{path.Text}' cannot be varied. A path begins with {string.Join(" or ", Varied)}. To vary the seed, use 'seeds'.");
            }
        }

        var target = ((node as MappingNode)?["objective"] as MappingNode) is { } objective ? objective["minimize"] ?? objective["maximize"] : null;
        var aim = ReadTarget(target, names, stages);
        if (problems.Count > before || space is null || aim is null)
        {
            return null;
        }

        List<SweepParameter> parameters = [];
        foreach (var (name, parameter) in settings.Space)
        {
            SweepDomain domain = parameter.Values is { } values
                ? new Choice(values)
                : new Interval(parameter.Range![0], parameter.Range[1], parameter.Scale == ParameterScale.Log, parameter.Type == ParameterType.Int);
            var written = (MappingNode)space[name]!;
            var places = (SequenceNode)(written["values"] ?? written["range"])!;
            parameters.Add(new(name, parameter.Path, domain, written["path"]!.Location, [.. places.Items.Select(item => item.Location)]));
            if (domain is Interval && settings.Method == SweepMethod.Grid)
            {
                problems.Add(space.Find(name)!.Location, $"{Subject}: a grid needs the values of '{name}': values: [...]. Only random and tpe accept a range.");
            }
        }

        foreach (var twice in parameters.GroupBy(parameter => parameter.Path).SelectMany(same => same.Skip(1)))
        {
            problems.Add(twice.Location, $"{Subject}: the path '{twice.Path}' appears twice.");
        }

        IReadOnlyList<ulong> seeds = settings.Seeds.Count > 0 ? settings.Seeds : [seed];
        var points = settings.Method == SweepMethod.Grid
            ? parameters.Aggregate(1L, (size, parameter) => Math.Min(long.MaxValue / MostTrials, size) * ((parameter.Domain as Choice)?.Values.Count ?? 1))
            : settings.Trials!.Value;
        if (points * seeds.Count > MostTrials)
        {
            problems.Add(node.Location, $"{Subject}: that is more than {MostTrials} runs. Give fewer values, or let random or tpe choose.");
        }

        return problems.Count > before ? null : new()
        {
            Method = settings.Method,
            Parameters = parameters,
            Points = (int)points,
            Seeds = seeds,
            Objective = new(aim.Value.Stage, aim.Value.Metric, settings.Objective.Maximize is not null),
            Seed = seed,
            Resolved = resolved,
        };
    }

    private (string Stage, string Metric)? ReadTarget(RecipeNode? node, IReadOnlyList<string> names, IReadOnlyList<BoundStage> stages)
    {
        if (node is not ScalarNode { IsNull: false } target)
        {
            return null;
        }

        var dot = target.Text.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == target.Text.Length - 1)
        {
            problems.Add(target.Location, $"{Subject}, option 'objective' wants STAGE.METRIC, such as {names.FirstOrDefault() ?? "base"}.validation_loss, not {target.Describe()}.");
            return null;
        }

        var stage = target.Text[..dot];
        if (!names.Contains(stage))
        {
            problems.Add(target.Location, $"{Subject}, option 'objective': {Suggestion.No("stage", stage, "stages", names)}");
            return null;
        }

        var metric = target.Text[(dot + 1)..];
        if (stages.FirstOrDefault(each => each.Name == stage) is { } bound && MetricCheck.Problem(bound, metric) is { } problem)
        {
            problems.Add(target.Location, $"{Subject}, option 'objective', stage '{stage}': {problem}");
            return null;
        }

        return (stage, metric);
    }
}
