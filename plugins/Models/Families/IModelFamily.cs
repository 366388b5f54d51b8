using System.Text.Json.Nodes;
using Experiments.Learning.Decoding;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// A family of models as in transformers: its <c>config.json</c>, and the names and layouts of its weights.
/// </summary>
internal interface IModelFamily
{
    /// <summary>The class in transformers, as <c>architectures</c> names it.</summary>
    string Architecture { get; }

    /// <summary>The prefix of the weights' names. Checkpoints of the model without its head do not have it.</summary>
    string Prefix { get; }

    /// <summary>The contents of <c>config.json</c>, as far as the family can express the options.</summary>
    /// <remarks>
    /// Options that it leaves out need no check here, because <see cref="ModelFamilies.Of"/> reads the config back and
    /// compares the options.
    /// </remarks>
    JsonObject Config(GptOptions options, int vocabularySize);

    /// <summary>The options that correspond to a <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">The file requires something that the options cannot express.</exception>
    GptOptions Options(ConfigFields config);

    /// <summary>The weights by the family's names. They are views: writing to them writes to the model.</summary>
    IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights);

    /// <summary>
    /// Whether a tensor of a checkpoint is computed instead of learned, such as the causal mask in older checkpoints.
    /// </summary>
    bool IsBuffer(string name);
}
