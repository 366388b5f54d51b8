using System.Text.Json.Nodes;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>A family of models as transformers has it: its <c>config.json</c>, and the names and layouts of its weights.</summary>
internal interface IModelFamily
{
    /// <summary>The class in transformers, as <c>architectures</c> names it.</summary>
    string Architecture { get; }

    /// <summary>What its weights are named under; checkpoints of the model without its head leave it out.</summary>
    string Prefix { get; }

    /// <summary>The contents of <c>config.json</c>, as far as the family can express the options.</summary>
    /// <remarks>What it leaves out needs no check here: <see cref="ModelFamilies.Of"/> reads the config back and compares.</remarks>
    JsonObject Config(GptOptions options, int vocabularySize);

    /// <summary>The options that a <c>config.json</c> asks for.</summary>
    /// <exception cref="InvalidDataException">It asks for something that the options do not express.</exception>
    GptOptions Options(ConfigFields config);

    /// <summary>The weights under the family's names: views, so that what is written to them is written to the model.</summary>
    IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights);

    /// <summary>Whether a tensor of a checkpoint is computed and not learned, such as the causal mask in older ones.</summary>
    bool IsBuffer(string name);
}
