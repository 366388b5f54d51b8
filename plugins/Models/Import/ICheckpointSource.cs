using Experiments.Learning;

namespace Experiments.Plugins.Models.Import;

/// <summary>A model in the files of another tool.</summary>
internal interface ICheckpointSource : IDisposable
{
    /// <summary>What it is, in a few words.</summary>
    string Description { get; }

    /// <summary>The options that make the same model.</summary>
    GptOptions Options { get; }

    /// <summary>Ids that the model knows.</summary>
    int VocabularySize { get; }

    /// <summary>Whether it may know more ids than its tokenizer.</summary>
    bool MayBePadded { get; }

    /// <summary>Fills the weights of a model that was built with the options.</summary>
    /// <exception cref="InvalidDataException">The files hold other weights than the model wants; the message names file and tensor.</exception>
    void ReadInto(TransformerWeights weights);
}
