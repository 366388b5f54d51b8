using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// The documents of one input file after the steps that precede the first ordered filter, in the form in which one
/// process hands them to another. It holds all documents, in order, with the step that dropped each of them, if any.
/// </summary>
internal static class DocumentShard
{
    private const string DocumentsFile = "documents.jsonl.zst";
    private const string DropsFile = "drops.json";

    /// <summary>Writes a shard.</summary>
    /// <param name="store">Writes documents.</param>
    /// <param name="folder">An empty folder.</param>
    /// <param name="journeys">The documents with the steps that they passed.</param>
    /// <param name="steps">The steps that were applied to them.</param>
    public static void Write(DocumentStore store, string folder, IEnumerable<Journey> journeys, IReadOnlyList<FilterStep> steps)
    {
        var skippedBefore = new Dictionary<string, long>(store.Skipped);
        var secondsBefore = steps.Select(step => step.Seconds).ToList();
        var drops = new List<Drop>();
        var number = 0L;
        using (var writer = store.Create(Path.Combine(folder, DocumentsFile)))
        {
            foreach (var journey in journeys)
            {
                writer.Write(journey.Document);
                if (journey.DroppedBy is { } step)
                {
                    drops.Add(new(number, steps.Index().First(each => each.Item == step).Index, journey.DroppedFor!));
                }

                number++;
            }
        }

        var skipped = store.Skipped.ToDictionary(pair => pair.Key, pair => pair.Value - skippedBefore.GetValueOrDefault(pair.Key));
        File.WriteAllBytes(Path.Combine(folder, DropsFile), JsonSerializer.SerializeToUtf8Bytes(new Facts(drops, skipped, [.. steps.Zip(secondsBefore, (step, before) => step.Seconds - before)])));
    }

    /// <summary>Reads a shard's documents.</summary>
    public static IEnumerable<Journey> Read(DocumentStore store, string folder, IReadOnlyList<FilterStep> steps)
    {
        var drops = ReadFacts(folder).Drops.ToDictionary(drop => drop.Document);
        foreach (var (number, document) in store.ReadFile(Path.Combine(folder, DocumentsFile)).Index())
        {
            yield return drops.TryGetValue(number, out var drop)
                ? new Journey(document, steps.Take(drop.Step), steps[drop.Step], drop.Reason)
                : new Journey(document, steps, null, null);
        }
    }

    /// <summary>
    /// How many records were skipped in reading the input, by reason, and how long each step took. Unit: seconds,
    /// summed over threads.
    /// </summary>
    public static (IReadOnlyDictionary<string, long> Skipped, IReadOnlyList<double> Seconds) ReadCounts(string folder) =>
        ReadFacts(folder) is var facts ? (facts.Skipped, facts.Seconds) : default;

    private static Facts ReadFacts(string folder) =>
        JsonSerializer.Deserialize<Facts>(File.ReadAllBytes(Path.Combine(folder, DropsFile))) ?? throw new InvalidDataException($"{folder}: {DropsFile} is empty.");

    private sealed record Facts(IReadOnlyList<Drop> Drops, IReadOnlyDictionary<string, long> Skipped, IReadOnlyList<double> Seconds);

    private sealed record Drop(long Document, int Step, string Reason);
}
