using Experiments.Contracts.Sizing;

namespace Experiments.Engine.Estimates;

/// <summary>What a training will cost in time, memory and disk.</summary>
/// <param name="Model">The model.</param>
/// <param name="Training">The training.</param>
/// <param name="Calibration">The measurements of this machine; null to estimate only sizes and operations.</param>
/// <param name="CheckpointsKept">Number of checkpoints that are kept on the disk.</param>
public sealed record TrainingEstimate(ModelSize Model, TrainingSize Training, Calibration? Calibration, int CheckpointsKept)
{
    private const int Float = sizeof(float);

    /// <summary>
    /// The share of the matrix products' speed that a whole step reaches, for use when no step was measured. Measured
    /// values: 0.68 for 6 layers of width 384 in bfloat16, 0.48 for GPT-2 with 124 million parameters at 256 tokens per
    /// step.
    /// </summary>
    private const double ShareOfProducts = 0.65;

    /// <summary>Floating-point operations of a forward and a backward pass, per token.</summary>
    public double OperationsPerToken => Model.OperationsPerToken(Training.SequenceLength);

    /// <summary>Operations of the whole training; null when the number of steps is unknown.</summary>
    public double? Operations => Training.Tokens * OperationsPerToken;

    /// <summary>
    /// Training tokens per parameter. About 20 make the best use of a given number of operations (Hoffmann et al.
    /// 2022).
    /// </summary>
    public double? TokensPerParameter => Training.Tokens / Model.Parameters;

    /// <summary>The memory that it needs.</summary>
    public MemoryEstimate Memory => MemoryEstimate.Of(Model, Training, Calibration?.KeptBytesPerToken);

    /// <summary>Size of a trainer's checkpoint: weights and optimizer state. Unit: bytes.</summary>
    public double CheckpointBytes => (1.0 + Training.OptimizerNumbers) * Float * Model.Parameters;

    /// <summary>Size of the finished model. Unit: bytes.</summary>
    public double ModelBytes => (double)Float * Model.Parameters;

    /// <summary>
    /// The most disk space that the training takes: the kept checkpoints, one more while it is written, and the model.
    /// Unit: bytes.
    /// </summary>
    public double DiskBytes => ((CheckpointsKept + 1) * CheckpointBytes) + ModelBytes;

    /// <summary>
    /// Whether the speed was measured with steps of the model itself. Otherwise it is computed from the speeds of its
    /// matrix products.
    /// </summary>
    public bool IsMeasured => Calibration?.TrainedTokensPerSecond is not null;

    /// <summary>
    /// Training tokens per second; null without calibration, or when the training does not run on the processor.
    /// </summary>
    public double? TokensPerSecond => Seconds(1) is { } step ? Training.TokensPerStep / step : null;

    /// <summary>Time of the whole training; null when it is unknown.</summary>
    public TimeSpan? Time => Training.Steps is { } steps && Seconds(steps) is { } training
        ? TimeSpan.FromSeconds(training + (Training.TokensRead / Read) + (Training.TokensSampled / (Calibration!.SampledTokensPerSecond ?? Read)))
        : null;

    private double Read => Calibration!.ReadTokensPerSecond ?? (3 * FromProducts);

    private double FromProducts
    {
        get
        {
            var speeds = Calibration!.Products.ToDictionary(product => (product.In, product.Out), product => product.OperationsPerSecond);
            var seconds = Model.Products.Sum(product => 6.0 * product.Count * product.In * product.Out / speeds[(product.In, product.Out)]);
            var operations = Model.Products.Sum(product => 6.0 * product.Count * product.In * product.Out);
            return ShareOfProducts / (seconds * OperationsPerToken / operations);
        }
    }

    /// <summary>
    /// The time of a number of steps, or null: the passes, and one update per step over all weights, gradients and
    /// optimizer state. The update reads and writes each weight, and reads its gradient twice and clears it.
    /// </summary>
    private double? Seconds(long steps) => Calibration is null || Training.Device != "cpu"
        ? null
        : steps * ((Training.TokensPerStep / (Calibration.TrainedTokensPerSecond ?? FromProducts))
            + ((5.0 + (2 * Training.OptimizerNumbers)) * Float * Model.Parameters / Calibration.MemoryBytesPerSecond));
}
