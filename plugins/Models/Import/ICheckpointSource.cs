using Experiments.Learning.Decoding;

namespace Experiments.Plugins.Models.Import;

/// <summary>A model in the format of another tool.</summary>
internal interface ICheckpointSource : IDisposable
{
    /// <summary>A short description of the model.</summary>
    string Description { get; }

    /// <summary>The options of <c>gpt</c> that give the same model.</summary>
    GptOptions Options { get; }

    /// <summary>Size of the model's vocabulary.</summary>
    int VocabularySize { get; }

    /// <summary>Whether the model's vocabulary may be larger than its tokenizer's.</summary>
    bool MayBePadded { get; }

    /// <summary>Reads the weights into a model that was built with the options.</summary>
    /// <exception cref="InvalidDataException">
    /// The files do not contain the weights that the model needs; the message names file and tensor.
    /// </exception>
    void ReadInto(TransformerWeights weights);
}
