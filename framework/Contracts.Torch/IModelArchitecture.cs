using Experiments.Contracts.Sizing;

namespace Experiments.Contracts.Torch;

/// <summary>A model architecture: from its options and a vocabulary size it builds a network with random weights.</summary>
[PluginKind("model")]
public interface IModelArchitecture
{
    /// <summary>Builds the network; weights are drawn from <paramref name="seed"/> and depend on nothing else.</summary>
    /// <remarks>libtorch's own generator has been set to the seed, so TorchSharp's modules may keep the weights that they begin with.</remarks>
    LanguageModel Build(int vocabularySize, ulong seed);

    /// <summary>How large that network is, by arithmetic: it must not touch libtorch. Default: null, the architecture does not tell.</summary>
    ModelSize? Size(int vocabularySize) => null;

    /// <summary>The depth that the whole size of the model follows from, where the options give one; then a training derives from it what it was not given. Default: null.</summary>
    int? Depth => null;
}
