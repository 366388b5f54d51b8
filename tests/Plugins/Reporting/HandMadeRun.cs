using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Testing;

namespace Experiments.Plugins.Reporting.Tests;

/// <summary>Artifacts of a small run, written by hand.</summary>
internal sealed class HandMadeRun(StageBench bench)
{
    public Dictionary<string, Artifact> Stages { get; } = [];

    public async Task<(string Markdown, JsonElement Json)> ReportAsync(ReportOptions? options = null, string output = "output")
    {
        var report = await new ReportStage(options ?? new()).RunAsync(new ReportInputs(Stages), bench.Context<ReportStage>(output), TestContext.Current.CancellationToken);
        return (await Read(report, "report.md"), JsonSerializer.Deserialize<JsonElement>(await Read(report, "report.json")));

        static Task<string> Read(Report report, string file) => File.ReadAllTextAsync(Path.Combine(report.Folder, file), TestContext.Current.CancellationToken);
    }

    public ArtifactLocation Location(string name, string plugin, IEnumerable<MetricPoint> points, string options = "{}")
    {
        var folder = bench.Folder(name);
        File.WriteAllText(Path.Combine(folder, ArtifactLocation.ManifestFile), $$"""{"plugin":"{{plugin}}@1","options":{{options}}}""");
        File.WriteAllLines(Path.Combine(folder, ArtifactLocation.MetricsFile), points.Select(MetricLines.Write));
        return new(folder, Origin: new ArtifactOrigin(plugin, "key", folder));
    }

    public void AddFilter(int reasons = 3) => Stages["clean"] = new Documents(Location("clean", "process-documents",
    [
        Result("documents_read", 1000),
        Result("documents_kept", 812),
        Result("kept_share", 0.812),
        Result("documents_per_second", 4321),
        .. Enumerable.Range(0, reasons).Select(i => Result($"dropped/too_short_{i}", 100 - i)),
        Result("passed/language", 900),
        Result("passed/gopher_quality", 812),
    ]));

    public void AddPretraining(int steps) => Stages["base"] = new Checkpoint(Location("base", "pretrain", Pretraining(steps), """{"steps":400,"model":{"use":"gpt"}}"""));

    public void AddReinforcement(int steps)
    {
        var random = new RandomStream(3, "reinforcement");
        Stages["rl"] = new Checkpoint(Location("rl", "grpo", Enumerable.Range(0, steps).SelectMany(step => new[]
        {
            new MetricPoint("reward", (0.9 - (0.5 * Math.Exp(-step / 60.0))) + (0.05 * random.NextGaussian()), step, default),
            new MetricPoint("kl", 0.0004 * step, step, default),
            new MetricPoint("loss", random.NextGaussian(), step, default),
            new MetricPoint("completions/mean_length", 6 + random.NextDouble(), step, default),
        })));
    }

    public void AddEvaluation(string name, double share, bool stops)
    {
        var location = Location(name, "evaluate", [Result("exact_match", share), Result("exact_match_error", 0.02), Result("stopped_share", stops ? 1 : 0)]);
        File.WriteAllText(Path.Combine(location.Folder, "report.json"), JsonSerializer.Serialize(new
        {
            kind = "evaluation",
            sets = new[]
            {
                new { set = "addition", problems = 200, exact_match = share, exact_match_error = 0.03, stopped_share = stops ? 1.0 : 0, mean_completion_tokens = stops ? 3.2 : 32 },
                new { set = "facts", problems = 100, exact_match = share / 2, exact_match_error = 0.04, stopped_share = stops ? 1.0 : 0, mean_completion_tokens = stops ? 5.1 : 32 },
            },
            dialogues = new[] { new { prompt = "What is 17 + 25?", answer = stops ? "42" : " What is 3 + 4? What is <b>5</b> | 6?\nWhat", stopped = stops, tokens = stops ? 3 : 32 } },
            continuations = new[] { new { prompt = "The village of", answer = " Ashford lies in the hills.", stopped = false, tokens = 32 } },
            examples = new[] { new { set = "addition", prompt = "1 + 2?", truth = "3", answer = stops ? "3" : "4 5 6", stopped = stops, score = stops ? 1.0 : 0 } },
        }));
        Stages[name] = new Report(location);
    }

    public static MetricPoint Result(string name, double value) => new(name, value, null, default);

    private static IEnumerable<MetricPoint> Pretraining(int steps)
    {
        var random = new RandomStream(1, "pretraining");
        for (var step = 0; step <= steps; step++)
        {
            var loss = 2.1 + (6 * Math.Exp(-step / (steps / 6.0)));
            yield return new("loss", loss + (0.12 * random.NextGaussian()), step, default);
            yield return new("learning_rate", 6e-4 * Math.Min(1, step / (steps * 0.1)) * (1 - (0.9 * step / steps)), step, default);
            yield return new("gradient_norm", 0.5 + (random.NextDouble() * 0.2), step, default);
            yield return new("training_tokens", step * 8192.0, step, default);
            yield return new("tokens_per_second", 20000 + (1000 * random.NextDouble()), step, default);
            if (step % (steps / 8) == 0)
            {
                yield return new("validation_loss", loss + 0.2, step, default);
                yield return new("bits_per_byte", (loss + 0.2) / 2.1, step, default);
            }
        }
    }
}
