using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Orders stages so that each comes after the stages that it reads.</summary>
internal static class StageOrder
{
    private const int MostShown = 20;

    /// <summary>
    /// Sorts the stages. Independent stages keep the order in which they were written. Each cycle is a problem.
    /// </summary>
    public static IReadOnlyList<BoundStage> Sort(
        MappingNode stages, IReadOnlyDictionary<string, List<(string Stage, SourceLocation Location)>> edges, IEnumerable<BoundStage> bound, RecipeProblems problems)
    {
        List<string> order = [], path = [];
        HashSet<string> done = [];
        foreach (var stage in stages.Entries)
        {
            Visit(stage.Key);
        }

        var byName = bound.ToDictionary(stage => stage.Name);
        return [.. order.Where(byName.ContainsKey).Select(name => byName[name])];

        void Visit(string name)
        {
            path.Add(name);
            foreach (var (next, location) in edges.GetValueOrDefault(name) ?? [])
            {
                var start = path.IndexOf(next);
                if (start >= 0)
                {
                    problems.Add(location, $"stages read each other in a cycle: {Shown([.. path.Skip(start), next])}. One of them must read something else.");
                }
                else if (!done.Contains(next))
                {
                    Visit(next);
                }
            }

            path.RemoveAt(path.Count - 1);
            if (done.Add(name))
            {
                order.Add(name);
            }
        }
    }

    /// <summary>The stages of a cycle; of a long one, those at its beginning and its end.</summary>
    private static string Shown(IReadOnlyList<string> cycle) => string.Join(" <- ", cycle.Count <= MostShown
        ? cycle
        : [.. cycle.Take(MostShown / 2), $"({cycle.Count - MostShown} more)", .. cycle.Skip(cycle.Count - (MostShown / 2))]);
}
