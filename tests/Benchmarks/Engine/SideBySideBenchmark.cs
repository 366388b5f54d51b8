using System.Globalization;
using System.Text.Json.Nodes;

namespace Experiments.Benchmarks;

/// <summary>
/// Measures what two runs on one machine cost each other, by how long libgomp's threads wait actively for each other:
/// pretraining, fine-tuning, reinforcement learning and an exam of the quickstart, alone and two at a time.
/// </summary>
internal static class SideBySideBenchmark
{
    private const string Recipe = "tests/Benchmarks/Engine/side-by-side.yaml";
    private static readonly string[] Stages = ["base", "chat", "rl", "chat-exam"];

    /// <summary>libgomp's own default is 300000 turns. lab's is the first setting: nothing is set, so the worker chooses.</summary>
    private static readonly (string Name, Dictionary<string, string> Variables)[] Settings =
    [
        ("lab's default", []),
        ("libgomp's default", new() { ["GOMP_SPINCOUNT"] = "300000" }),
        ("OMP_WAIT_POLICY=passive", new() { ["OMP_WAIT_POLICY"] = "passive" }),
    ];

    /// <summary>Measures and prints the seconds of each stage.</summary>
    /// <param name="root">The folder of the checkout.</param>
    /// <param name="times">Number of runs of each stage alone, and of each pair. The fastest counts.</param>
    public static void Run(string root, int times)
    {
        string[] runs = [Directory.CreateTempSubdirectory("lab-side-a-").FullName, Directory.CreateTempSubdirectory("lab-side-b-").FullName];
        try
        {
            foreach (var folder in runs)
            {
                new LabProcess(root).Run("run", Recipe, "--runs", folder, "--until", "chat-exam");
            }

            Console.WriteLine($"{Environment.ProcessorCount} cores, fastest of {times}: seconds alone, seconds of two at a time, ratio");
            foreach (var (name, variables) in Settings)
            {
                var lab = new LabProcess(root) { Variables = variables };
                foreach (var stage in Stages)
                {
                    var alone = Enumerable.Range(0, times).Min(_ => Seconds(lab, stage, runs[0]));
                    var both = Enumerable.Range(0, times).Min(_ =>
                        Task.WhenAll(runs.Select(folder => Task.Run(() => Seconds(lab, stage, folder)))).GetAwaiter().GetResult().Max());
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {stage,-10} {alone,6:F1} {both,6:F1} {both / alone,5:F2}"));
                }
            }
        }
        finally
        {
            foreach (var folder in runs)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static double Seconds(LabProcess lab, string stage, string runs) => lab
        .Run("run", Recipe, "--runs", runs, "--only", stage, "--force", stage, "--json")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonNode.Parse(line)!)
        .Where(line => (string?)line["event"] == "stage_ended" && (string?)line["stage"] == stage)
        .Select(line => (double)line["seconds"]!)
        .Single();
}
