namespace Experiments.Contracts.Torch;

/// <summary>A model architecture: from its options and a vocabulary size it builds a network with random weights.</summary>
[PluginKind("model")]
public interface IModelArchitecture
{
    /// <summary>Builds the network; weights are drawn from <paramref name="seed"/> and depend on nothing else.</summary>
    /// <remarks>libtorch's own generator has been set to the seed, so TorchSharp's modules may keep the weights that they begin with.</remarks>
    LanguageModel Build(int vocabularySize, ulong seed);
}
