using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Artifacts;

namespace Experiments.Engine.Runs;

/// <summary>Compares two runs: options, inputs, versions, seed, results and times.</summary>
public static class RunComparison
{
    /// <summary>The stage name of values that belong to no stage.</summary>
    public const string Whole = "";

    /// <summary>Everything in both runs, by stage in the order of the runs.</summary>
    /// <param name="left">One run.</param>
    /// <param name="right">The other.</param>
    /// <param name="store">The store, which has the results of the runs.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<ComparedValue> Between(RunRecord left, RunRecord right, ArtifactStore store, DateTimeOffset now)
    {
        var manifests = store.All().Select(artifact => artifact.Manifest).ToLookup(manifest => manifest.Key);
        List<ComparedValue> values = [];
        Add(Whole, OfRun(left, now), OfRun(right, now));
        foreach (var stage in left.Stages.Keys.Union(right.Stages.Keys))
        {
            Add(stage, OfStage(left, stage), OfStage(right, stage));
        }

        return values;

        void Add(string stage, Dictionary<string, JsonNode?> old, Dictionary<string, JsonNode?> now) =>
            values.AddRange(old.Keys.Union(now.Keys).Select(name => new ComparedValue(stage, name, old.GetValueOrDefault(name), now.GetValueOrDefault(name))));

        Dictionary<string, JsonNode?> OfStage(RunRecord run, string stage) =>
            run.Stages.TryGetValue(stage, out var record) ? Facts(run, record, record.Key is { } key ? manifests[key].FirstOrDefault() : null) : [];
    }

    private static Dictionary<string, JsonNode?> OfRun(RunRecord run, DateTimeOffset now) => new()
    {
        ["recipe"] = run.Recipe,
        ["status"] = run.Status(now).Word(),
        ["seed"] = run.Resolved?["seed"],
        ["seconds"] = Math.Round(run.Duration.TotalSeconds, 1),
    };

    private static Dictionary<string, JsonNode?> Facts(RunRecord run, StageRecord record, ArtifactManifest? manifest)
    {
        var facts = new Dictionary<string, JsonNode?> { ["state"] = record.IsDone ? "done" : (record.Outcome?.ToString().ToLowerInvariant() ?? "begun") };
        var written = run.Resolved?["stages"]?[record.Stage];
        var plugin = record.Identity?["plugin"];
        facts["use"] = written?["use"] ?? plugin?["use"];
        foreach (var (path, value) in FlatJson.Values(plugin).Where(value => value.Key.EndsWith("version", StringComparison.Ordinal) || value.Key.EndsWith("source", StringComparison.Ordinal)))
        {
            facts[path] = value;
        }

        foreach (var section in (string[])["with", "expect", "run"])
        {
            foreach (var (path, value) in FlatJson.Values(written?[section], section))
            {
                facts[path] = value;
            }
        }

        foreach (var (path, value) in FlatJson.Values(written?["inputs"], "inputs"))
        {
            facts[path] = value;
        }

        foreach (var (input, digests) in record.Identity?["inputs"] as JsonObject ?? [])
        {
            foreach (var (label, digest) in Digests(digests))
            {
                facts[$"content of {input}{label}"] = digest;
            }
        }

        foreach (var (name, value) in manifest?.Results ?? new Dictionary<string, double>())
        {
            facts["result " + name] = double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture));
        }

        facts["seconds"] = record.Outcome == StageOutcome.Found ? manifest?.Seconds : Math.Round(record.Seconds, 3);
        return facts;
    }

    private static IEnumerable<(string Label, string Digest)> Digests(JsonNode? sources) => (sources as JsonArray ?? []).Select((source, i) =>
        source is JsonObject labelled ? ($".{labelled["name"]}", (string)labelled["digest"]!) : (i == 0 ? "" : $".{i}", (string)source!));
}
