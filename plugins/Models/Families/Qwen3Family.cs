using System.Text.Json.Nodes;
using Experiments.Learning.Decoding;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// Qwen 3 (Yang et al. 2025): Llama with norms for queries and keys, and an independent width of heads.
/// </summary>
internal sealed class Qwen3Family : IModelFamily
{
    public string Architecture => "Qwen3ForCausalLM";

    public string Prefix => LlamaNames.Prefix;

    public JsonObject Config(GptOptions options, int vocabularySize)
    {
        var config = LlamaConfig.Write(options, vocabularySize, Architecture, "qwen3");
        config.Remove("mlp_bias");
        config["use_sliding_window"] = false;
        return config;
    }

    public GptOptions Options(ConfigFields config)
    {
        config.Want("attention_bias", "false", "false");
        LlamaConfig.WantFullAttention(config);
        return LlamaConfig.Read(config) with { KeyValueHeads = config.Whole("num_key_value_heads"), HeadWidth = config.Whole("head_dim"), QkNorm = true };
    }

    public IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights) => LlamaNames.Of(weights);

    public bool IsBuffer(string name) => LlamaNames.IsBuffer(name);
}
