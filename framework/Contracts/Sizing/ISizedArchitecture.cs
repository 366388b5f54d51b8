namespace Experiments.Contracts.Sizing;

/// <summary>The part of a model architecture that can be asked without the library that computes it.</summary>
[PluginKind("model")]
public interface ISizedArchitecture
{
    /// <summary>The size of the network, computed without libtorch. Default: null, unknown.</summary>
    /// <param name="vocabularySize">Number of tokens.</param>
    ModelSize? Size(int vocabularySize) => null;
}
