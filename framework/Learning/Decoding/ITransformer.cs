namespace Experiments.Learning;

/// <summary>A language model that is a plain transformer, and can be had as data.</summary>
public interface ITransformer
{
    /// <summary>Its weights and sizes. The tensors are the model's own; ask anew after the model has been moved to another device or type.</summary>
    TransformerWeights Weights();
}
