using Experiments.Contracts.Sizing;

namespace Experiments.Engine.Estimates;

/// <summary>Memory of a training, in bytes.</summary>
/// <param name="Weights">The float32 weights, and those of models that are held beside.</param>
/// <param name="Gradients">Their gradients.</param>
/// <param name="Optimizer">The optimizer's numbers.</param>
/// <param name="Copies">Weights and gradients in bfloat16, where the model computes in it.</param>
/// <param name="Activations">What a forward pass keeps for the backward pass.</param>
public sealed record MemoryEstimate(double Weights, double Gradients, double Optimizer, double Copies, double Activations)
{
    /// <summary>A process that has loaded libtorch and done nothing yet.</summary>
    public const double Process = 250e6;

    private const int Float = sizeof(float);
    private const int Half = 2;
    private const int RowsOfLoss = 1024; // positions whose logits exist at once

    /// <summary>The most that is held at one time.</summary>
    public double Peak => Process + Weights + Gradients + Optimizer + Copies + Activations;

    /// <summary>Estimates a training.</summary>
    /// <param name="model">The model.</param>
    /// <param name="training">The training.</param>
    /// <param name="keptBytesPerToken">What a pass was measured to keep; null puts it together from the model's widths.</param>
    public static MemoryEstimate Of(ModelSize model, TrainingSize training, double? keptBytesPerToken = null)
    {
        double parameters = model.Parameters;
        var tokens = (double)training.SequencesAtOnce * training.SequenceLength;
        var width = training.IsBfloat16 ? Half : Float;

        // The processor keeps attention weights, which a GPU's fused attention does not, and computes the loss of the head in chunks: their logits, and the head's gradient.
        // A GPU keeps logits, their softmax and its gradient, all float32.
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
