namespace Experiments.Learning.Decoding;

/// <summary>A language model that is a plain transformer and can return its weights as data.</summary>
public interface ITransformer
{
    /// <summary>
    /// Its weights and sizes. The tensors are those of the model; call this again after the model was moved to another
    /// device or type.
    /// </summary>
    TransformerWeights Weights();
}
