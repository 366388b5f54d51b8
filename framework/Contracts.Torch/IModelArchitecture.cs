using Experiments.Contracts.Sizing;

namespace Experiments.Contracts.Torch;

/// <summary>
/// A model architecture. Builds a network with random weights from its options and a vocabulary size.
/// </summary>
[PluginKind("model")]
public interface IModelArchitecture
{
    /// <summary>Builds the network. The random weights must depend only on <paramref name="seed"/>.</summary>
    /// <remarks>
    /// libtorch's generator is already set to the seed, so TorchSharp's modules may keep their initial weights.
    /// </remarks>
    LanguageModel Build(int vocabularySize, ulong seed);

    /// <summary>The size of that network, computed without libtorch. Default: null, unknown.</summary>
    ModelSize? Size(int vocabularySize) => null;

    /// <summary>
    /// The depth from which the options derive the size of the model, if they use one; a training then derives its own
    /// missing settings from it. Default: null.
    /// </summary>
    int? Depth => null;
}
