using System.Text.Json.Nodes;
using Experiments.Learning.Decoding;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// Models that belong to no published family. Their <c>config.json</c> says so, and <c>model.json</c> in the same
/// folder has all their options.
/// </summary>
internal sealed class OwnFamily : IModelFamily
{
    public string Architecture => "ExperimentsGpt";

    public string Prefix => LlamaNames.Prefix;

    public JsonObject Config(GptOptions options, int vocabularySize) => LlamaConfig.Write(options, vocabularySize, Architecture, "experiments-gpt");

    public GptOptions Options(ConfigFields config) => throw config.Problem("architectures", Architecture, "a published family; a model of this framework needs no import");

    public IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights) => LlamaNames.Of(weights);

    public bool IsBuffer(string name) => false;
}
