using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Testing;

/// <summary>Writes numbered lines.</summary>
[Plugin("write-lines")]
[Metric("lines", Unit = "lines", Better = Better.Higher, Meaning = "Lines written.")]
public sealed class WriteLinesStage(WriteLinesOptions options) : IStage<NoInputs, Documents>
{
    public async Task<Documents> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(
            Path.Combine(context.OutputFolder, "lines.txt"),
            Enumerable.Range(1, options.Count).Select(line => $"{options.Text} {line}"), cancellationToken);
        context.Metrics.Log("lines", options.Count);
        return new(context.OutputFolder);
    }
}

/// <summary>Settings of <c>write-lines</c>.</summary>
public sealed record WriteLinesOptions
{
    /// <summary>Number of lines. Default: 3.</summary>
    [Range(0, 1_000_000)]
    public int Count { get; init; } = 3;

    /// <summary>The beginning of each line. Default: line.</summary>
    public string Text { get; init; } = "line";
}

/// <summary>Filters lines.</summary>
[Plugin("clean")]
[Metric("dropped/{reason}", Unit = "documents", Meaning = "Lines dropped for this reason.", DeclaredBy = "filter")]
public sealed class CleanStage(CleanOptions options) : IStage<CleanInputs, Documents>
{
    public async Task<Documents> RunAsync(CleanInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var filters = options.Steps.Select(step => step.Create()).ToList();
        var lines = inputs.Documents.SelectMany(documents => documents.Files).SelectMany(File.ReadLines);
        var kept = lines.Where(line => filters.All(filter => filter.Apply(new("", line)).Document is not null));
        await File.WriteAllLinesAsync(Path.Combine(context.OutputFolder, "lines.txt"), kept, cancellationToken);
        return new(context.OutputFolder);
    }
}

/// <summary>What <c>clean</c> reads.</summary>
public sealed record CleanInputs(IReadOnlyList<Documents> Documents);

/// <summary>Settings of <c>clean</c>.</summary>
public sealed record CleanOptions
{
    /// <summary>The filters, in order.</summary>
    public IReadOnlyList<Plugin<IDocumentFilter>> Steps { get; init; } = [];

    /// <summary>Number of threads to use.</summary>
    [RuntimeOnly]
    [Range(1, 64)]
    public int Workers { get; init; } = 1;

    /// <summary>Time limit per document. Default: 30s.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Weights by source.</summary>
    [AddedLater(new string[0])]
    public IReadOnlyDictionary<string, double> Mixture { get; init; } = new Dictionary<string, double>();

    /// <summary>How documents are sampled.</summary>
    public RateOptions Sampling { get; init; } = new() { Rate = 0.5 };
}

/// <summary>How documents are sampled.</summary>
public sealed record RateOptions
{
    /// <summary>Share of documents to keep. Default: 1.</summary>
    [Range(0.0, 1.0)]
    public double Rate { get; init; } = 1;

    /// <summary>Largest number of documents. Default: 2,000,000.</summary>
    public long Limit { get; init; } = 2_000_000;
}

/// <summary>Splits lines in two.</summary>
[Plugin("split")]
public sealed class SplitStage : IStage<SplitInputs, SplitOutput>
{
    public async Task<SplitOutput> RunAsync(
        SplitInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var lines = inputs.Documents.Files.SelectMany(File.ReadLines).ToList();
        var output = new SplitOutput(
            new(context.Part("train")), new(context.Part("words")), new(context.Part("summary")));
        await File.WriteAllLinesAsync(Path.Combine(output.Train.Folder, "lines.txt"), lines, cancellationToken);
        await File.WriteAllLinesAsync(
            Path.Combine(output.Words.Folder, "words.txt"), lines.SelectMany(line => line.Split(' ')).Distinct(),
            cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(output.Summary.Folder, "report.md"), $"{lines.Count} lines\n", cancellationToken);
        return output;
    }
}

/// <summary>What <c>split</c> reads.</summary>
public sealed record SplitInputs(Documents Documents);

/// <summary>What <c>split</c> makes.</summary>
public sealed record SplitOutput(Documents Train, Tokenizer Words, Report Summary);

/// <summary>Pretends to train.</summary>
[Plugin("train")]
[Metric(MetricNames.Loss)]
[Metric("loss/{part}", Unit = "nats per token", Better = Better.Lower, Meaning = "Loss of a part.")]
[Metric("loss_gain", Meaning = "Loss of the start minus the loss.", NeedsInput = "start")]
public sealed class TrainStage(TrainOptions options) : IStage<TrainInputs, Checkpoint>
{
    public async Task<Checkpoint> RunAsync(
        TrainInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        await File.WriteAllTextAsync(
            Path.Combine(context.OutputFolder, "model.json"), options.Model.Recipe.GetRawText(), cancellationToken);
        context.Metrics.Log("loss", 1 / (1 + options.Optimizer.Create().LearningRate));
        return new(context.OutputFolder);
    }
}

/// <summary>What <c>train</c> reads.</summary>
public sealed record TrainInputs(Documents Documents, Tokenizer Tokenizer, Checkpoint? Start = null);

/// <summary>Settings of <c>train</c>.</summary>
public sealed record TrainOptions
{
    /// <summary>The model.</summary>
    public required Plugin<IPretendModel> Model { get; init; }

    /// <summary>The optimizer. Default: adamw.</summary>
    [DefaultUse("adamw")]
    public Plugin<IPretendOptimizer> Optimizer { get; init; } = null!;

    /// <summary>Tokens to train on. Default: 1,000.</summary>
    [Range(1, long.MaxValue)]
    public long Tokens { get; init; } = 1000;

    /// <summary>Rows per batch. Default: 8.</summary>
    [AddedLater(8)]
    public int Batch { get; init; } = 8;
}

/// <summary>Compares anything.</summary>
[Plugin("compare")]
[Metric("score/{models}", Better = Better.Higher, Meaning = "Score of a model.")]
public sealed class CompareStage(CompareOptions options) : IStage<CompareInputs, Report>
{
    public async Task<Report> RunAsync(CompareInputs inputs, StageContext context, CancellationToken cancellationToken)
    {
        var names = inputs.Models.Keys.Select(name => options.By is null ? name : $"{name} by {options.By}").Concat((inputs.Others ?? []).Select(other => other.GetType().Name));
        await File.WriteAllLinesAsync(Path.Combine(context.OutputFolder, "report.md"), names, cancellationToken);
        return new(context.OutputFolder);
    }
}

/// <summary>What <c>compare</c> reads.</summary>
public sealed record CompareInputs(
    IReadOnlyDictionary<string, Checkpoint> Models, IReadOnlyList<Artifact>? Others = null);

/// <summary>Settings of <c>compare</c>.</summary>
public sealed record CompareOptions
{
    /// <summary>The metric by which models are compared. Default: null.</summary>
    [AddedLater(null)]
    [MetricOf("models")]
    public string? By { get; init; }
}
