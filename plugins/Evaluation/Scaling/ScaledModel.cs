using System.Text.Json;
using System.Text.Json.Serialization;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;

namespace Experiments.Plugins.Evaluation.Scaling;

/// <summary>A model with its training cost and its loss.</summary>
/// <param name="Label">Name of the model.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="Tokens">Number of tokens that it was trained on.</param>
/// <param name="Operations">Floating-point operations of the training.</param>
/// <param name="Loss">Final loss.</param>
/// <param name="X">The one of the three that is the law's variable.</param>
internal sealed record ScaledModel(string Label, double Parameters, double Tokens, double Operations, double Loss, double X)
{
    public static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Reads the metrics that a model's own stage recorded.</summary>
    /// <exception cref="InvalidDataException">
    /// A needed metric was not recorded, or is not a positive number.
    /// </exception>
    public static ScaledModel Read(string label, Checkpoint checkpoint, ScalingLawOptions options)
    {
        var results = MetricLines.Results(checkpoint.Origin?.ReadMetrics() ?? []);
        double Value(string name) => results.TryGetValue(name, out var value) && value is > 0 and < double.PositiveInfinity
            ? value
            : throw new InvalidDataException($"Model '{label}' ({checkpoint.Folder}): its stage recorded {(results.TryGetValue(name, out var recorded) ? $"{name} {recorded}" : $"no {name}")}, wanted a positive number. It recorded: {string.Join(", ", results.Keys)}");

        var (parameters, tokens, operations) = (Value(MetricNames.Parameters), Value(MetricNames.TrainingTokens), Value(MetricNames.TrainingFlops));
        return new(label, parameters, tokens, operations, Value(options.Metric), options.Scale switch { ScaleAxis.Compute => operations, ScaleAxis.Parameters => parameters, _ => tokens });
    }

    /// <summary>The name of an axis in texts for people.</summary>
    public static string Name(ScaleAxis axis) => axis switch { ScaleAxis.Compute => "training FLOPs", ScaleAxis.Parameters => "parameters", _ => "tokens" };
}
