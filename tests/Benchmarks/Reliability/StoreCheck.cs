using System.Text.RegularExpressions;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Runs;
using Experiments.Engine.Tracking;

namespace Experiments.Benchmarks;

/// <summary>Checks a store against one that nothing disturbed.</summary>
/// <param name="runs">The folder of runs.</param>
internal sealed partial class StoreCheck(string runs)
{
    private static readonly string[] TimedWords = ["per_second", "seconds"];

    private string Artifacts => Path.Combine(runs, "artifacts");

    /// <summary>The digest of every part, and every metric that is not a time, by artifact.</summary>
    public SortedDictionary<string, string> Fingerprints()
    {
        var fingerprints = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var artifact in new ArtifactStore(Artifacts, _ => { }).All())
        {
            fingerprints[Path.GetFileName(artifact.Folder)] = Fingerprint(artifact);
        }

        return fingerprints;
    }

    /// <summary>The digests of an artifact's parts, and of its metrics that are not times.</summary>
    public string Fingerprint(StoredArtifact artifact)
    {
        var metrics = Points(artifact).Where(point => !TimedWords.Any(word => point.Name.Contains(word, StringComparison.Ordinal))).Select(point => $"{point.Name} {point.Step} {point.Value:R}\n");
        return $"{string.Join(' ', artifact.Manifest.Parts.Select(part => part.Digest))} {Digest.OfText(string.Concat(metrics))}";
    }

    /// <summary>The faults of a store in which at least one run is done.</summary>
    /// <param name="reference">The artifacts of the store that nothing disturbed.</param>
    public IEnumerable<string> Faults(SortedDictionary<string, string> reference)
    {
        var own = Fingerprints();
        foreach (var name in reference.Keys.Union(own.Keys).Where(name => reference.GetValueOrDefault(name) != own.GetValueOrDefault(name)))
        {
            yield return $"artifact {name} is {(own.ContainsKey(name) ? reference.ContainsKey(name) ? "different" : "not in the reference" : "missing")}";
        }

        foreach (var path in Directory.EnumerateFileSystemEntries(runs, "*", SearchOption.AllDirectories).Where(path => LeftBehind().IsMatch(Path.GetFileName(path)) && !path.Contains("/mlruns/", StringComparison.Ordinal)))
        {
            yield return $"{path} was left behind";
        }

        var records = new RunCatalog(runs).Runs;
        if (!records.Any(run => run.Folder.End() == EndStatus.Done))
        {
            yield return "no run is done";
        }

        foreach (var fault in RunDamage.In(runs).Concat(records.SelectMany(OfRun)).Concat(OfTracker()))
        {
            yield return fault;
        }
    }

    private IEnumerable<string> OfRun(RunRecord run)
    {
        var epochs = run.Journal.Select(entry => (long?)entry["epoch"]).OfType<long>().ToList();
        if (!epochs.SequenceEqual(epochs.Distinct().Order()))
        {
            yield return $"{run.Folder.JournalFile}: the sessions have the epochs {string.Join(' ', epochs)}";
        }

        var seen = new HashSet<(string, string, long, double?)>();
        foreach (var line in TrackingLines.Read(run.Folder.TrackingFile, 0).Select(line => line.Entry).OfType<MetricsLogged>())
        {
            foreach (var point in line.Points.Where(point => !seen.Add((line.Run, point.Name, point.Step, point.Step > 0 ? null : point.Value)) && point.Step > 0))
            {
                yield return $"{run.Folder.TrackingFile}: {line.Run} {point.Name} has step {point.Step} twice";
            }
        }

        if (run.Folder.End() != EndStatus.Done)
        {
            yield break;
        }

        if (run.Resolved!["stages"]!.AsObject().Any(stage => run.Stages.GetValueOrDefault(stage.Key) is not { IsDone: true }))
        {
            yield return $"{run.Folder.JournalFile}: not all stages are done";
        }

        var artifacts = new ArtifactStore(Artifacts, _ => { }).All().ToLookup(artifact => artifact.Manifest.Key);
        foreach (var (name, stage) in run.Stages)
        {
            foreach (var point in artifacts[stage.Key!].SelectMany(Points).Where(point => point.Step > 0 && !seen.Contains(($"{run.Id}/{name}", point.Name, point.Step.Value, null))))
            {
                yield return $"{run.Folder.TrackingFile}: {name} {point.Name} lacks step {point.Step}";
            }
        }
    }

    /// <summary>The metric files of the tracker have a line for each step: time, value, step.</summary>
    private IEnumerable<string> OfTracker() =>
        from file in Directory.Exists(Path.Combine(runs, "mlruns")) ? Directory.EnumerateFiles(Path.Combine(runs, "mlruns"), "*", SearchOption.AllDirectories) : []
        where file.Contains("/metrics/", StringComparison.Ordinal)
        let steps = File.ReadLines(file).Select(line => line.Split(' ')[^1]).Where(step => step != "0").ToList()
        where steps.Count != steps.Distinct().Count()
        select $"{file}: {steps.GroupBy(step => step).First(group => group.Count() > 1).Key} is twice among its steps";

    private static IEnumerable<MetricPoint> Points(StoredArtifact artifact) => MetricLines.Read(Path.Combine(artifact.Folder, ArtifactLocation.MetricsFile));

    [GeneratedRegex(@"\.bad|\.damaged|\.tmp-|\.new-|\.next$", RegexOptions.NonBacktracking)]
    private static partial Regex LeftBehind();
}
