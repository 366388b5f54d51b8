using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Recipes;

/// <summary>What <c>lab sweep</c> tries: <c>sweep:</c>.</summary>
public sealed record SweepSettings : IValidatableObject
{
    /// <summary>
    /// How points are chosen. grid: all combinations of the values; random: drawn independently; tpe: drawn where
    /// earlier points did well (tree-structured Parzen estimator). Default: grid.
    /// </summary>
    public SweepMethod Method { get; init; } = SweepMethod.Grid;

    /// <summary>What is varied, under names of your choice. In a grid the first name is the outermost loop.</summary>
    [MinLength(1)]
    public required IReadOnlyDictionary<string, ParameterSettings> Space { get; init; }

    /// <summary>
    /// Number of points that random and tpe try; each point takes one run per seed. Not for a grid. Default: null.
    /// </summary>
    [Range(1, 100_000)]
    public int? Trials { get; init; }

    /// <summary>
    /// Seeds with which each point is run; their mean is the point's result. Default: the recipe's seed alone.
    /// </summary>
    public IReadOnlyList<ulong> Seeds { get; init; } = [];

    /// <summary>What the sweep optimizes.</summary>
    public required ObjectiveSettings Objective { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Method == SweepMethod.Grid && Trials is not null)
        {
            yield return new("'trials' only applies to random and tpe. A grid tries each combination of its values once");
        }

        if (Method != SweepMethod.Grid && Trials is null)
        {
            yield return new($"the method {(Method == SweepMethod.Tpe ? "tpe" : "random")} needs 'trials', the number of points to try");
        }

        if (Seeds.Distinct().Count() < Seeds.Count)
        {
            yield return new("a seed appears twice in 'seeds'");
        }
    }
}

/// <summary>How a sweep chooses its points.</summary>
public enum SweepMethod
{
    /// <summary>All combinations.</summary>
    Grid,

    /// <summary>Drawn independently of each other.</summary>
    Random,

    /// <summary>Drawn where earlier points did well.</summary>
    Tpe,
}

/// <summary>One value of the recipe that a sweep varies.</summary>
public sealed record ParameterSettings : IValidatableObject
{
    /// <summary>
    /// The path of the value, as --set takes it: stages.base.with.optimizer.learning_rate, vars.width.
    /// </summary>
    [MinLength(1)]
    public required string Path { get; init; }

    /// <summary>
    /// The values to choose from, of any kind: numbers, names, plugins with options. Default: null, a range is given.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<JsonNode?>? Values { get; init; }

    /// <summary>
    /// The lowest and the highest value, both included; for random and tpe. Default: null, values are given.
    /// </summary>
    [Length(2, 2)]
    public IReadOnlyList<double>? Range { get; init; }

    /// <summary>
    /// The scale of the range: log draws as many values between 0.001 and 0.01 as between 0.01 and 0.1. Default:
    /// linear.
    /// </summary>
    public ParameterScale Scale { get; init; } = ParameterScale.Linear;

    /// <summary>The type of the range's values: any number (float) or whole numbers (int). Default: float.</summary>
    public ParameterType Type { get; init; } = ParameterType.Float;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Values is null == Range is null)
        {
            yield return new("give either 'values', a list, or 'range', the lowest and the highest value");
        }

        if (Range is [var low, var high])
        {
            if (low >= high)
            {
                yield return new($"the range [{low}, {high}] must have its lower end first");
            }

            if (Scale == ParameterScale.Log && low <= 0)
            {
                yield return new($"a range with scale log must start above 0, not at {low}");
            }

            if (Type == ParameterType.Int && (low != Math.Floor(low) || high != Math.Floor(high)))
            {
                yield return new($"the range [{low}, {high}] of type int must have whole numbers as ends");
            }
        }
        else if (Scale != ParameterScale.Linear || Type != ParameterType.Float)
        {
            yield return new("'scale' and 'type' only apply to a range");
        }
    }
}

/// <summary>How a range is divided.</summary>
public enum ParameterScale
{
    /// <summary>Equal steps are equally likely.</summary>
    Linear,

    /// <summary>Equal factors are equally likely.</summary>
    Log,
}

/// <summary>What the values of a range are.</summary>
public enum ParameterType
{
    /// <summary>Any number.</summary>
    Float,

    /// <summary>A whole number.</summary>
    Int,
}

/// <summary>What a sweep optimizes: the last value of one metric.</summary>
public sealed record ObjectiveSettings : IValidatableObject
{
    /// <summary>The metric to minimize, STAGE.METRIC: base.validation_loss. Default: null.</summary>
    [MinLength(1)]
    public string? Minimize { get; init; }

    /// <summary>The metric to maximize, STAGE.METRIC: chat-exam.exact_match. Default: null.</summary>
    [MinLength(1)]
    public string? Maximize { get; init; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Minimize is null == Maximize is null)
        {
            yield return new("give either 'minimize' or 'maximize', as STAGE.METRIC");
        }
    }
}
