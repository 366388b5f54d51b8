using System.Text.Json.Nodes;
using Experiments.Learning.Decoding;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>Llama 1 to 3 (Touvron et al. 2023).</summary>
internal sealed class LlamaFamily : IModelFamily
{
    public string Architecture => "LlamaForCausalLM";

    public string Prefix => LlamaNames.Prefix;

    public JsonObject Config(GptOptions options, int vocabularySize) => LlamaConfig.Write(options, vocabularySize, Architecture, "llama");

    public GptOptions Options(ConfigFields config)
    {
        config.Want("attention_bias", "false", "false");
        return LlamaConfig.Read(config);
    }

    public IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights) => LlamaNames.Of(weights);

    public bool IsBuffer(string name) => LlamaNames.IsBuffer(name);
}
