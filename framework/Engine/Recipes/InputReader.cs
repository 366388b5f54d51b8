using Experiments.Contracts.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>Links the inputs of stages to other stages and to files.</summary>
/// <param name="plugins">All stages with their plugins; null where the plugin is unknown, so that its types are unknown
/// too.</param>
/// <param name="groups">The stages with <c>foreach</c>.</param>
/// <param name="problems">Collects the problems.</param>
/// <param name="files">Finds the files of patterns.</param>
internal sealed class InputReader(IReadOnlyDictionary<string, PluginDescription?> plugins, StageGroups groups, RecipeProblems problems, FilePatterns files)
{
    private const string File = "file:";

    /// <summary>For each stage the stages that it reads, with the location of that input.</summary>
    public Dictionary<string, List<(string Stage, SourceLocation Location)>> Edges { get; } = [];

    /// <summary>Reads the inputs of a stage whose plugin is unknown, only for their edges.</summary>
    public void ReadEdges(string stage, string subject, MappingNode? written)
    {
        foreach (var node in written?.Entries.SelectMany(entry => Sources(entry.Value)).SelectMany(source => groups.Each(source.Node)) ?? [])
        {
            if (node is ScalarNode { IsNull: false } source && !source.Text.StartsWith(File, StringComparison.Ordinal))
            {
                Producer(stage, subject, source);
            }
        }
    }

    /// <summary>
    /// A copy of the stage in which each group's name among the inputs is replaced by the names of its instances.
    /// </summary>
    public MappingNode Spread(MappingNode stage, PluginDescription plugin) => stage["inputs"] is not MappingNode written ? stage : stage with
    {
        Entries =
        [
            .. from entry in stage.Entries
               select entry.Key != "inputs" ? entry : entry with { Value = written with { Entries = [.. written.Entries.Select(input => Spread(input, plugin))] } },
        ],
    };

    /// <summary>Reads and checks the inputs of a stage.</summary>
    public IReadOnlyList<BoundInput> Read(MappingEntry stage, string subject, PluginDescription plugin, MappingNode? written)
    {
        if (written is null)
        {
            return [];
        }

        foreach (var entry in written.Entries.Where(entry => plugin.Inputs.All(input => input.Name != entry.Key)))
        {
            problems.Add(entry.Location, $"{subject}: {Suggestion.No("input", entry.Key, "inputs", plugin.Inputs.Select(input => input.Name))}");
        }

        List<BoundInput> bound = [];
        foreach (var input in plugin.Inputs)
        {
            var node = written[input.Name];
            var name = $"{subject}: input '{input.Name}'";
            if (node is null or ScalarNode { IsNull: true })
            {
                if (!input.IsOptional)
                {
                    problems.Add(node?.Location ?? stage.Location, $"{subject}: the input '{input.Name}' is missing. It wants {Wanted(input)}.");
                }
            }
            else if (input.Cardinality == InputCardinality.One && groups.Members(node) is { } members)
            {
                problems.Add(node.Location, $"{name} takes one source, but '{((ScalarNode)node).Text}' means {members.Count}: {string.Join(", ", members.Select(member => member.Source.Text))}. Name one of them.");
            }
            else if (SharedLabel(node) is { } shared)
            {
                problems.Add(shared.Location, $"{name}: two sources are named '{shared.Key}'. Rename one of them.");
            }
            else if (Fits(input, node))
            {
                string Named(string? label) => label is null ? name : $"{subject}: input '{input.Name}.{label}'";
                var sources = Sources(node)
                    .Select(source => Source(stage.Key, Named(source.Label), input, source.Label, source.Node))
                    .OfType<InputSource>()
                    .ToList();
                if (sources.Count > 0) // none: each is a problem already
                {
                    bound.Add(new(input.Name, input.Cardinality, input.ArtifactType, sources));
                }
            }
            else if (node is not BrokenNode)
            {
                problems.Add(node.Location, $"{name} wants {Wanted(input)}, not {node.Describe()}.");
            }
        }

        return bound;
    }

    private MappingEntry Spread(MappingEntry written, PluginDescription plugin) =>
        plugin.Inputs.FirstOrDefault(input => input.Name == written.Key) is { } input
            ? written with { Value = groups.Spread(input.Cardinality, written.Value) }
            : written;

    /// <summary>
    /// A label that occurs twice, which can happen when a group's instances are added; otherwise null.
    /// </summary>
    private static MappingEntry? SharedLabel(RecipeNode node) =>
        (node as MappingNode)?.Entries.GroupBy(entry => entry.Key).FirstOrDefault(group => group.Count() > 1)?.Last();

    private static bool Fits(InputDescription input, RecipeNode node) => (input.Cardinality, node) switch
    {
        (_, BrokenNode) => false,
        (InputCardinality.Map, MappingNode map) => map.Entries.Count > 0,
        (InputCardinality.List, SequenceNode list) => list.Items.Count > 0,
        (InputCardinality.One or InputCardinality.List, ScalarNode) => true,
        _ => false,
    };

    private static string Wanted(InputDescription input)
    {
        var type = input.ArtifactType == typeof(Artifact) ? "" : $" of {input.ArtifactType.Name}";
        return input.Cardinality switch
        {
            InputCardinality.One => $"one source{type}: STAGE, STAGE.PART or file:PATTERN",
            InputCardinality.List => $"sources{type}: STAGE, STAGE.PART, file:PATTERN or a list of these",
            _ => $"a mapping of names to sources{type}: {{ NAME: STAGE }}, STAGE.PART or file:PATTERN",
        };
    }

    private static IEnumerable<(string? Label, RecipeNode Node)> Sources(RecipeNode node) => node switch
    {
        SequenceNode list => list.Items.Select(item => ((string?)null, item)),
        MappingNode map => map.Entries.Select(entry => ((string?)entry.Key, entry.Value)),
        _ => [(null, node)],
    };

    private InputSource? Source(string stage, string subject, InputDescription input, string? label, RecipeNode node)
    {
        if (node is not ScalarNode { IsNull: false } source)
        {
            if (node is not BrokenNode)
            {
                problems.Add(node.Location, $"{subject}: a source is STAGE, STAGE.PART or file:PATTERN, not {node.Describe()}.");
            }

            return null;
        }

        return source.Text.StartsWith(File, StringComparison.Ordinal)
            ? Files(subject, input, label, source)
            : Producer(stage, subject, source) is var (producer, part) ? Output(subject, input, label, source, producer, part) : null;
    }

    private ExternalFiles? Files(string subject, InputDescription input, string? label, ScalarNode source)
    {
        if (input.ArtifactType.IsAbstract)
        {
            problems.Add(source.Location, $"{subject} takes only outputs of stages, STAGE or STAGE.PART, because files do not have an artifact type.");
            return null;
        }

        var pattern = source.Text[File.Length..].Trim();
        var found = files.Find(pattern);
        if (found.Problem is not null)
        {
            problems.Add(source.Location, $"{subject}: {found.Problem}");
            return null;
        }

        return new(label, input.ArtifactType, problems.Secrets.Hide(pattern), found.Files);
    }

    private (string Stage, string? Part)? Producer(string stage, string subject, ScalarNode source)
    {
        var dot = source.Text.IndexOf('.');
        var producer = dot < 0 ? source.Text : source.Text[..dot];
        if (!plugins.ContainsKey(producer))
        {
            if (groups.MayHaveMade(producer))
            {
                return null;
            }

            problems.Add(
                source.Location,
                $"{subject} {producer}",
                () => $"{subject}: {Suggestion.No("stage", producer, "stages", groups.Names(plugins.Keys.Where(other => groups.Written(other) != groups.Written(stage))))} Files are written file:PATTERN.");
            return null;
        }

        if (!Edges.TryGetValue(stage, out var edges))
        {
            Edges[stage] = edges = [];
        }

        edges.Add((producer, source.Location));
        return (producer, dot < 0 ? null : source.Text[(dot + 1)..]);
    }

    private StageOutput? Output(string subject, InputDescription input, string? label, ScalarNode source, string producer, string? part)
    {
        if (plugins[producer] is not { } plugin)
        {
            return null;
        }

        var outputs = plugin.Outputs;
        var isWhole = outputs is [{ Part: "" }];
        if (part is not null && outputs.All(output => output.Part != part || isWhole))
        {
            problems.Add(source.Location, isWhole
                ? $"{subject}: stage '{producer}' makes one artifact, without parts: write '{producer}', not '{source.Text}'."
                : $"{subject}: stage '{producer}' has {Suggestion.No("part", part, "parts", outputs.Select(output => output.Part))}");
            return null;
        }

        var candidates = outputs.Where(output => part is null || output.Part == part);
        if (candidates.FirstOrDefault(output => input.ArtifactType.IsAssignableFrom(output.ArtifactType)) is { } fitting)
        {
            return new(label, fitting.ArtifactType, producer, fitting.Part);
        }

        var gives = string.Join(", ", candidates.Select(output => isWhole || part is not null ? output.ArtifactType.Name : $"{output.ArtifactType.Name} ({producer}.{output.Part})"));
        problems.Add(source.Location, $"{subject} wants {input.ArtifactType.Name}, but '{source.Text}' gives {gives}.");
        return null;
    }
}
