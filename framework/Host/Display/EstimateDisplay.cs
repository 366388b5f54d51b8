using System.Globalization;
using System.Text.Json.Nodes;
using Experiments.Engine.Estimates;
using Experiments.Engine.Planning;

namespace Experiments.Host.Display;

/// <summary>Shows what trainings will cost: a block of lines or a JSON object for each.</summary>
/// <param name="output">Receives the output.</param>
/// <param name="json">Whether to write JSON.</param>
public sealed class EstimateDisplay(TextWriter output, bool json)
{
    private const double Peta = 1e15;
    private readonly List<TimeSpan?> _times = [];

    /// <summary>Shows a stage that trains, or a stage whose model is not known yet.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="calibration">The measurements for it, or null.</param>
    public void Write(SizedStage stage, Calibration? calibration)
    {
        var estimate = stage.Size is { Model: { } model, Training: { } training }
            ? new TrainingEstimate(model, training, calibration, stage.Planned.Stage.Run.Checkpoint.Keep)
            : null;
        _times.Add(stage.Planned.State == StageState.Hit ? TimeSpan.Zero : estimate?.Time);
        if (json)
        {
            output.WriteLine(EstimateJson.Of(stage, estimate).ToJsonString());
            return;
        }

        var state = stage.Planned.State switch { StageState.Hit => ", already in the store", StageState.Resume => $", resumes at step {stage.Planned.Step}", _ => "" };
        output.WriteLine($"{stage.Planned.Stage.Name} ({stage.Planned.Stage.Plugin.Name}{state})");
        var table = new Columns();
        if (estimate is null)
        {
            table.Add("unknown", stage.Size.VocabularySize is null
                ? "the size of the vocabulary: the tokenizer does not exist yet, and its stage does not predict the size"
                : "the size of the model: its architecture does not report it");
        }
        else
        {
            AddSizes(table, estimate);
            AddCosts(table, estimate);
        }

        table.Write(output, "  ");
        output.WriteLine();
    }

    /// <summary>Writes the last line.</summary>
    public void End()
    {
        if (json)
        {
            return;
        }

        var known = _times.OfType<TimeSpan>().Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
        var trainings = _times.Count == 1 ? "1 training" : $"{_times.Count} trainings";
        output.WriteLine(_times.Count == 0 ? "No stage of this recipe trains a model."
            : known == TimeSpan.Zero ? $"{trainings}."
            : $"{trainings}, about {ProgressMeter.Clock(known)} one after another{(_times.Contains(null) ? ", plus trainings whose time is unknown" : "")}.");
    }

    private static void AddSizes(Columns table, TrainingEstimate estimate)
    {
        var (model, training) = (estimate.Model, estimate.Training);
        table.Add("parameters", $"{Short(model.Parameters)}: {string.Join(", ", model.Groups.Select(group => $"{group.Name} {Short(group.Count)}"))}");
        table.Add("shape", $"{model.Layers} layers of width {model.Width}, {model.AttentionHeads / Math.Max(1, model.Layers)} heads of {model.HeadWidth}, vocabulary {model.VocabularySize:N0}, context {model.Context:N0}");
        table.Add("operations", $"{Short(estimate.OperationsPerToken)} FLOPs per token at {training.SequenceLength:N0} positions (6N + 12LDT){(estimate.Operations is { } all ? $", {Number(all / Peta)} PFLOPs in total" : "")}");
        var atMost = training.IsAtMost ? "at most " : "";
        table.Add("training", training is { Steps: { } steps, Tokens: { } tokens }
            ? $"{steps:N0} steps of {atMost}{training.TokensPerStep:N0} tokens: {Short(tokens)}, {Number(estimate.TokensPerParameter!.Value)} per parameter"
            : $"steps of {atMost}{training.TokensPerStep:N0} tokens; their number depends on {training.Missing}");
    }

    private static void AddCosts(Columns table, TrainingEstimate estimate)
    {
        var (training, memory) = (estimate.Training, estimate.Memory);
        var parts = new (string Name, double Bytes)[]
        {
            (training.FrozenModels > 0 ? "weights of the models" : "weights", memory.Weights), ("gradients", memory.Gradients), ("optimizer", memory.Optimizer),
            ("bf16 copies", memory.Copies), ($"activations of {training.SequencesAtOnce:N0} sequences", memory.Activations), ("the process itself", MemoryEstimate.Process),
        };
        table.Add("memory", $"{ProgressMeter.Bytes(memory.Peak)} at the peak: {string.Join(", ", parts.Where(part => part.Bytes > 0).Select(part => $"{part.Name} {ProgressMeter.Bytes(part.Bytes)}"))}");
        table.Add("disk", $"{ProgressMeter.Bytes(estimate.DiskBytes)} at most: {estimate.CheckpointsKept} checkpoints of {ProgressMeter.Bytes(estimate.CheckpointBytes)} and one being written, the model {ProgressMeter.Bytes(estimate.ModelBytes)}");
        if (estimate.Calibration is not { } calibration)
        {
            if (training.Device != "cpu")
            {
                table.Add("time", $"unknown: it runs on {training.Device}, and only processors are measured");
            }

            return;
        }

        table.Add("machine", $"products {string.Join(", ", calibration.Products.Select(product => $"{product.In}x{product.Out} {product.OperationsPerSecond / 1e9:0}"))} GFLOP/s; memory {calibration.MemoryBytesPerSecond / 1e9:0} GB/s");
        var how = estimate.IsMeasured
            ? $"steps of {calibration.SequencesAtOnce} sequences were measured"
            : "computed from its matrix products, because a step of the model takes too long or too much memory to measure";
        var speed = estimate.TokensPerSecond!.Value;
        var time = estimate.Time is { } duration ? $"{(training.IsAtMost ? "at most" : "about")} {ProgressMeter.Clock(duration)}, at " : "";
        table.Add("time", $"{time}{speed:N0} tokens/s, {speed * estimate.OperationsPerToken / 1e9:N0} GFLOP/s: {how}");
    }

    private static string Number(double value) => value >= 100 ? value.ToString("#,0", CultureInfo.InvariantCulture) : value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Short(double value) => value switch
    {
        >= 1e12 => (value / 1e12).ToString("0.0", CultureInfo.InvariantCulture) + " T",
        >= 1e9 => (value / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " G",
        >= 1e6 => (value / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0", CultureInfo.InvariantCulture) + " k",
        _ => value.ToString("#,0", CultureInfo.InvariantCulture),
    };
}

/// <summary>An estimate as JSON.</summary>
internal static class EstimateJson
{
    /// <summary>All numbers in base units: parameters, tokens, bytes, seconds.</summary>
    public static JsonObject Of(SizedStage stage, TrainingEstimate? estimate) => estimate is not { Model: var model, Training: var training }
        ? new() { ["stage"] = stage.Planned.Stage.Name, ["plugin"] = stage.Planned.Stage.Plugin.Name, ["parameters"] = null }
        : new()
        {
            ["stage"] = stage.Planned.Stage.Name,
            ["plugin"] = stage.Planned.Stage.Plugin.Name,
            ["state"] = stage.Planned.State.ToString().ToLowerInvariant(),
            ["parameters"] = model.Parameters,
            ["parameter_groups"] = new JsonObject(model.Groups.Select(group => KeyValuePair.Create(group.Name, (JsonNode?)group.Count))),
            ["vocabulary_size"] = model.VocabularySize,
            ["operations_per_token"] = estimate.OperationsPerToken,
            ["operations"] = estimate.Operations,
            ["steps"] = training.Steps,
            ["missing"] = training.Missing,
            ["tokens_per_step"] = training.TokensPerStep,
            ["tokens_are_at_most"] = training.IsAtMost,
            ["tokens"] = training.Tokens,
            ["tokens_per_parameter"] = estimate.TokensPerParameter,
            ["memory_bytes"] = new JsonObject
            {
                ["peak"] = estimate.Memory.Peak,
                ["weights"] = estimate.Memory.Weights,
                ["gradients"] = estimate.Memory.Gradients,
                ["optimizer"] = estimate.Memory.Optimizer,
                ["bf16_copies"] = estimate.Memory.Copies,
                ["activations"] = estimate.Memory.Activations,
            },
            ["disk_bytes"] = estimate.DiskBytes,
            ["checkpoint_bytes"] = estimate.CheckpointBytes,
            ["tokens_per_second"] = estimate.TokensPerSecond,
            ["is_measured"] = estimate.Calibration is null ? null : estimate.IsMeasured,
            ["seconds"] = estimate.Time?.TotalSeconds,
        };
}
