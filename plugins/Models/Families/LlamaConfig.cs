using System.Text.Json.Nodes;
using Experiments.Learning.Operations;

namespace Experiments.Plugins.Models.Families;

/// <summary>The part of <c>config.json</c> that Llama and Qwen share.</summary>
internal static class LlamaConfig
{
    /// <summary>The shared fields.</summary>
    public static JsonObject Write(GptOptions options, int vocabularySize, string architecture, string modelType)
    {
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["model_type"] = modelType,
            ["vocab_size"] = vocabularySize,
            ["hidden_size"] = options.Width,
            ["intermediate_size"] = options.InnerWidth,
            ["num_hidden_layers"] = options.Layers,
            ["num_attention_heads"] = options.Heads,
            ["num_key_value_heads"] = options.SharedHeads,
            ["head_dim"] = options.WidthOfHead,
            ["max_position_embeddings"] = options.Context,
            ["hidden_act"] = options.FeedForward switch { FeedForwardKind.Swiglu => "silu", FeedForwardKind.Gelu => "gelu", FeedForwardKind.GeluTanh => "gelu_new", _ => "relu2" },
            ["rms_norm_eps"] = options.NormEpsilon,
            ["rope_theta"] = options.RopeBase,
            ["tie_word_embeddings"] = options.TiedEmbeddings,
            ["attention_bias"] = false,
            ["mlp_bias"] = false,
            ["initializer_range"] = options.InitialDeviation,
            ["torch_dtype"] = "float32",
        };
        if (options.RopeScaling is { } scaling)
        {
            config["rope_scaling"] = RopeFields.Write(scaling);
        }

        return config;
    }

    /// <summary>The options that correspond to the shared fields.</summary>
    public static GptOptions Read(ConfigFields config)
    {
        config.Want("hidden_act", "silu", "silu");
        config.Want("mlp_bias", "false", "false");
        var (ropeBase, scaling) = RopeFields.Read(config);
        var heads = config.Whole("num_attention_heads");
        return new()
        {
            Layers = config.Whole("num_hidden_layers"),
            Width = config.Whole("hidden_size"),
            Heads = heads,
            KeyValueHeads = config.WholeOrNull("num_key_value_heads") ?? heads,
            HeadWidth = config.WholeOrNull("head_dim"),
            Context = config.Whole("max_position_embeddings"),
            RopeBase = ropeBase,
            RopeScaling = scaling,
            NormEpsilon = config.Number("rms_norm_eps", 1e-6),
            FeedForwardWidth = config.Whole("intermediate_size"),
            TiedEmbeddings = config.Truth("tie_word_embeddings", false),
            InitialDeviation = config.Number("initializer_range", 0.02),
        };
    }

    /// <summary>Throws if a layer would really use sliding-window attention.</summary>
    public static void WantFullAttention(ConfigFields config)
    {
        var (isOn, window, fullLayers) = (config.Truth("use_sliding_window", false), config.WholeOrNull("sliding_window"), config.WholeOrNull("max_window_layers"));
        if (isOn && window < config.Whole("max_position_embeddings") && !(fullLayers >= config.Whole("num_hidden_layers")))
        {
            throw config.Problem("sliding_window", $"{window} with use_sliding_window: true", "attention to all positions: use_sliding_window: false, or a window as long as max_position_embeddings");
        }

        if (config.Texts("layer_types").FirstOrDefault(kind => kind != "full_attention") is { } other)
        {
            throw config.Problem("layer_types", other, "full_attention in every layer");
        }
    }
}
