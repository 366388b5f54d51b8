using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Reports;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Evaluation.Scaling;

/// <summary>
/// Fits a scaling law to the final losses of several pretrained models: L = A · x^-a (Kaplan et al. 2020) or E + A ·
/// x^-a (Hoffmann et al. 2022), where x is their training operations, parameters or tokens. Writes a report with a
/// plot.
/// </summary>
/// <remarks>
/// It reads the metrics that the models' own stages recorded: the loss, <c>parameters</c>, <c>training_tokens</c> and
/// <c>training_flops</c>. The spread of the exponent is estimated by the bootstrap: the fit is repeated on models drawn
/// with replacement.
/// </remarks>
[Plugin("scaling-law")]
[Metric("scaling_exponent", Meaning = "Exponent a of the law A · x^-a.")]
[Metric("scaling_exponent_error", Better = Better.Lower, Meaning = "Standard deviation of the exponent over resampled models.")]
[Metric("scaling_exponent_low", Meaning = "The exponent below which one resample in twenty lies.")]
[Metric("scaling_exponent_high", Meaning = "The exponent above which one resample in twenty lies.")]
[Metric("scaling_factor", Meaning = "Factor A of the law.")]
[Metric("scaling_floor", Unit = "nats per token", Meaning = "The loss E that no model can go below; 0 without a floor.")]
[Metric("largest_residual_share", Unit = "fraction", Better = Better.Lower,
    Meaning = "Largest deviation of a model from the law, as a share of its loss.")]
[Metric("models", Unit = "models", Meaning = "Models that were fitted.")]
public sealed class ScalingLawStage(ScalingLawOptions options) : IStage<ScalingLawInputs, Report>
{
    private const int LinePoints = 20;
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    private bool HasFloor => options.Floor == LossFloor.Fitted;

    /// <inheritdoc/>
    public Task<Report> RunAsync(ScalingLawInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        Task.Run(() => Run(inputs, context), cancellationToken);

    private Report Run(ScalingLawInputs inputs, StageContext context)
    {
        List<ScaledModel> models = [.. inputs.Models.Select(pair => ScaledModel.Read(pair.Key, pair.Value, options)).OrderBy(model => model.X)];
        var needed = HasFloor ? 4 : 3;
        var law = models.Select(model => model.X).Distinct().Count() >= needed
            ? PowerLaw.Fit([.. models.Select(model => (model.X, model.Loss))], HasFloor)!
            : throw new InvalidDataException($"{models.Count} models with {models.Select(model => model.X).Distinct().Count()} different values of {ScaledModel.Name(options.Scale)}: a law {(HasFloor ? "with" : "without")} a floor needs {needed}.");
        var spread = Spread(models, context.Seed);
        SortedDictionary<string, double> figures = new(StringComparer.Ordinal)
        {
            ["scaling_exponent"] = law.Exponent,
            ["scaling_exponent_error"] = spread.Error,
            ["scaling_exponent_low"] = spread.Low,
            ["scaling_exponent_high"] = spread.High,
            ["scaling_factor"] = law.Factor,
            ["scaling_floor"] = law.Floor,
            ["largest_residual_share"] = models.Max(model => Math.Abs((law.At(model.X) / model.Loss) - 1)),
            ["models"] = models.Count,
        };
        foreach (var (name, value) in figures)
        {
            context.Metrics.Log(name, value);
        }

        Write(context.OutputFolder, models, law, spread, figures);
        return new Report(context.OutputFolder);
    }

    /// <summary>
    /// Standard deviation of the exponent over resampled models, and the range of its middle 90 per cent. Samples that
    /// do not determine the exponent are left out.
    /// </summary>
    private (double Error, double Low, double High) Spread(List<ScaledModel> models, ulong seed)
    {
        List<double> exponents = [];
        for (var sample = 0; sample < options.Resamples; sample++)
        {
            var random = new RandomStream(seed, "bootstrap", sample);
            (double, double)[] drawn = [.. models.Select(_ => models[random.Next(models.Count)]).Select(model => (model.X, model.Loss))];
            if (PowerLaw.Fit(drawn, HasFloor) is { } law)
            {
                exponents.Add(law.Exponent);
            }
        }

        if (exponents.Count == 0)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        exponents.Sort();
        var mean = exponents.Average();
        return (Math.Sqrt(exponents.Average(exponent => (exponent - mean) * (exponent - mean))), exponents[(int)(0.05 * exponents.Count)], exponents[(int)(0.95 * (exponents.Count - 1))]);
    }

    private void Write(string folder, List<ScaledModel> models, PowerLaw law, (double Error, double Low, double High) spread, SortedDictionary<string, double> figures)
    {
        var scale = ScaledModel.Name(options.Scale);
        var page = new MarkdownPage();
        page.Heading(1, "Scaling law");
        page.Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"{MarkdownPage.Code(options.Metric)} = {(HasFloor ? $"{law.Floor:0.###} + " : "")}{law.Factor:G4} · {scale}^-{law.Exponent:0.0000}. Exponent {law.Exponent:0.0000} ± {spread.Error:0.0000}, {spread.Low:0.0000} to {spread.High:0.0000} in nine of ten resamples of the models."));
        var span = Math.Log10(models[^1].X / models[0].X);
        var line = Enumerable.Range(0, LinePoints + 1).Select(i => models[0].X * Math.Pow(10, span * i / LinePoints)).Select(x => (Math.Log10(x), Math.Log10(law.At(x))));
        var plot = new LinePlot($"Loss over {scale}, both logarithmic", $"log10 of {scale}", $"log10 of {options.Metric}", [new("measured", [.. models.Select(model => (Math.Log10(model.X), Math.Log10(model.Loss)))]), new("fitted", [.. line])]);
        page.Pictures([(new PlotFolder(folder).Save("scaling-law", plot.Draw()), plot.Title)]);
        page.Table(["Model", "Parameters", "Tokens", "FLOPs", options.Metric, "fitted"], models.Select(model => (IReadOnlyList<string>)
        [
            MarkdownPage.Quote(model.Label), Figure.Tick(model.Parameters), Figure.Tick(model.Tokens), model.Operations.ToString("0.##e0", CultureInfo.InvariantCulture), Figure.Text(model.Loss), Figure.Text(law.At(model.X)),
        ]));
        File.WriteAllText(Path.Combine(folder, "report.md"), page.ToString());
        var json = new JsonObject
        {
            ["kind"] = "scaling-law",
            ["metric"] = options.Metric,
            ["scale"] = scale,
            ["figures"] = JsonSerializer.SerializeToNode(figures, ScaledModel.Json),
            ["models"] = JsonSerializer.SerializeToNode(models, ScaledModel.Json),
        };
        File.WriteAllText(Path.Combine(folder, "report.json"), json.ToJsonString(Indented) + "\n");
    }
}

/// <summary>Inputs of <c>scaling-law</c>.</summary>
/// <param name="Models">Pretrained models by name, measured on the same text.</param>
public sealed record ScalingLawInputs(IReadOnlyDictionary<string, Checkpoint> Models);

/// <summary>Settings of <c>scaling-law</c>.</summary>
public sealed record ScalingLawOptions
{
    /// <summary>
    /// The variable of the law: compute (floating-point operations of the training), parameters or tokens. Default:
    /// compute.
    /// </summary>
    public ScaleAxis Scale { get; init; } = ScaleAxis.Compute;

    /// <summary>
    /// Name of the loss: a metric that every model's stage recorded. Its last value is taken. Default: validation_loss.
    /// </summary>
    [MinLength(1), MetricOf("models")] public string Metric { get; init; } = MetricNames.ValidationLoss;

    /// <summary>
    /// The loss that no model can go below. none = a pure power law, which needs three models. fitted = the floor is
    /// fitted too, which needs four models, and ten for a meaningful result. Default: none.
    /// </summary>
    public LossFloor Floor { get; init; } = LossFloor.None;

    /// <summary>Number of resamples for the spread of the exponent. Range: 10 to 100000. Default: 500.</summary>
    [Range(10, 100_000)] public int Resamples { get; init; } = 500;
}

/// <summary>The variable of a scaling law.</summary>
public enum ScaleAxis
{
    /// <summary>Floating-point operations of the training.</summary>
    Compute,

    /// <summary>Parameters.</summary>
    Parameters,

    /// <summary>Tokens trained on.</summary>
    Tokens,
}

/// <summary>The floor of a scaling law: the loss that no model can go below.</summary>
public enum LossFloor
{
    /// <summary>The floor is zero.</summary>
    None,

    /// <summary>The floor is fitted.</summary>
    Fitted,
}
