using Experiments.Contracts.Sizing;

namespace Experiments.Engine.Estimates;

/// <summary>What a training will cost.</summary>
/// <param name="Model">The model.</param>
/// <param name="Training">What is done with it.</param>
/// <param name="Calibration">What was measured on this machine; null tells sizes and operations only.</param>
/// <param name="CheckpointsKept">Checkpoints that lie on the disk at once.</param>
public sealed record TrainingEstimate(ModelSize Model, TrainingSize Training, Calibration? Calibration, int CheckpointsKept)
{
    private const int Float = sizeof(float);

    /// <summary>Share of the products' speed that a whole step reaches, where no step was measured: 0.68 was measured for 6 layers of 384 in bfloat16, 0.48 for GPT-2's 124 million parameters at 256 tokens a step.</summary>
    private const double ShareOfProducts = 0.65;

    /// <summary>Operations of a forward and a backward pass.</summary>
    public double OperationsPerToken => Model.OperationsPerToken(Training.SequenceLength);

    /// <summary>Operations of the whole training; null when its steps are not known.</summary>
    public double? Operations => Training.Tokens * OperationsPerToken;

    /// <summary>Tokens to learn from, a parameter (Hoffmann et al. 2022: about 20 are the best use of a given number of operations).</summary>
    public double? TokensPerParameter => Training.Tokens / Model.Parameters;

    /// <summary>Memory.</summary>
    public MemoryEstimate Memory => MemoryEstimate.Of(Model, Training, Calibration?.KeptBytesPerToken);

    /// <summary>A checkpoint of the trainer: weights and the optimizer's numbers. Unit: bytes.</summary>
    public double CheckpointBytes => (1.0 + Training.OptimizerNumbers) * Float * Model.Parameters;

    /// <summary>The finished model. Unit: bytes.</summary>
    public double ModelBytes => (double)Float * Model.Parameters;

    /// <summary>Disk that the training takes at most: checkpoints, one more while it is written, and the model.</summary>
    public double DiskBytes => ((CheckpointsKept + 1) * CheckpointBytes) + ModelBytes;

    /// <summary>Whether the speed was measured in steps of the model itself, and not put together from its products.</summary>
    public bool IsMeasured => Calibration?.TrainedTokensPerSecond is not null;

    /// <summary>Tokens learned from a second; null without calibration, or where the training computes elsewhere.</summary>
    public double? TokensPerSecond => Seconds(1) is { } step ? Training.TokensPerStep / step : null;

    /// <summary>Time of the whole training, or null.</summary>
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

    /// <summary>Passes, and one look at all weights, gradients and the optimizer's numbers a step: each weight is read and written, its gradient read twice and cleared.</summary>
    private double? Seconds(long steps) => Calibration is null || Training.Device != "cpu"
        ? null
        : steps * ((Training.TokensPerStep / (Calibration.TrainedTokensPerSecond ?? FromProducts))
            + ((5.0 + (2 * Training.OptimizerNumbers)) * Float * Model.Parameters / Calibration.MemoryBytesPerSecond));
}
