using System.Text.Json.Nodes;
using Experiments.Learning.Decoding;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>Qwen 2 and 2.5 (Yang et al. 2024): Llama with biases for queries, keys and values.</summary>
internal sealed class Qwen2Family : IModelFamily
{
    public string Architecture => "Qwen2ForCausalLM";

    public string Prefix => LlamaNames.Prefix;

    public JsonObject Config(GptOptions options, int vocabularySize)
    {
        var config = LlamaConfig.Write(options, vocabularySize, Architecture, "qwen2");
        config.Remove("attention_bias");
        config.Remove("mlp_bias");
        config.Remove("head_dim");
        config["use_sliding_window"] = false;
        return config;
    }

    public GptOptions Options(ConfigFields config)
    {
        LlamaConfig.WantFullAttention(config);
        return LlamaConfig.Read(config) with { KeyValueHeads = config.Whole("num_key_value_heads"), Bias = BiasKind.Qkv };
    }

    public IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights) => LlamaNames.Of(weights);

    public bool IsBuffer(string name) => LlamaNames.IsBuffer(name);
}
