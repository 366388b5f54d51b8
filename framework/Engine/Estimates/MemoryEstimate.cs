using Experiments.Contracts.Sizing;

namespace Experiments.Engine.Estimates;

/// <summary>The memory that a training needs. Unit: bytes.</summary>
/// <param name="Weights">The float32 weights, including those of additional frozen models.</param>
/// <param name="Gradients">The gradients.</param>
/// <param name="Optimizer">The optimizer's state.</param>
/// <param name="Copies">Copies of weights and gradients in bfloat16, if the model computes in bfloat16.</param>
/// <param name="Activations">What the forward pass keeps for the backward pass.</param>
public sealed record MemoryEstimate(double Weights, double Gradients, double Optimizer, double Copies, double Activations)
{
    /// <summary>A process after loading libtorch. Unit: bytes.</summary>
    public const double Process = 250e6;

    private const int Float = sizeof(float);
    private const int Half = 2;
    private const int RowsOfLoss = 1024; // number of positions whose logits exist at the same time

    /// <summary>The sum, which is the peak. Unit: bytes.</summary>
    public double Peak => Process + Weights + Gradients + Optimizer + Copies + Activations;

    /// <summary>Estimates a training.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training.</param>
    /// <param name="keptBytesPerToken">The measured memory that a pass keeps per token; null to compute it from the
    /// model's widths.</param>
    public static MemoryEstimate Of(ModelSize model, TrainingSize training, double? keptBytesPerToken = null)
    {
        double parameters = model.Parameters;
        var tokens = (double)training.SequencesAtOnce * training.SequenceLength;
        var width = training.IsBfloat16 ? Half : Float;

        // The processor keeps attention weights, which the fused attention of a GPU does not keep. It computes the loss
        // in chunks, so it keeps
        // the logits of one chunk and the gradient of the head. A GPU keeps all logits, their softmax and its gradient,
        // all in float32.
        var isOnProcessor = training.Device == "cpu";
        var kept = width * (model.KeptPerToken + (isOnProcessor ? model.AttentionHeads * training.SequenceLength : 0));
        var head = isOnProcessor
            ? (width * Math.Min(tokens, RowsOfLoss) * model.VocabularySize) + ((Float + width) * (double)model.VocabularySize * model.Width)
            : 3.0 * Float * model.VocabularySize * tokens;
        return new(
            Float * parameters * (1 + training.FrozenModels),
            Float * parameters,
            Float * parameters * training.OptimizerNumbers,
            training.IsBfloat16 ? 2 * Half * parameters : 0,
            keptBytesPerToken is { } measured ? tokens * measured : (tokens * kept) + head);
    }
}
