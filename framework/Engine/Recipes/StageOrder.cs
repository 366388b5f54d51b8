using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Orders stages so that each comes after the stages that it reads.</summary>
internal static class StageOrder
{
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
                    problems.Add(location, $"stages read each other in a cycle: {string.Join(" <- ", path.Skip(start).Append(next))}. One of them must read something else.");
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
}
