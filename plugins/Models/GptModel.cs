using System.Text.Json.Nodes;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>The network of <c>gpt</c>. Shapes in comments: B rows, T new positions, S positions with the cached ones, D width, V vocabulary.</summary>
internal sealed class GptModel : LanguageModel
{
    private readonly GptOptions _options;
    private readonly Weight _embedding;
    private readonly GptLayer[] _layers;
    private readonly RmsNorm _norm;
    private readonly Weight? _head;
    private readonly RotaryFrequencies _frequencies;

    public GptModel(GptOptions options, int vocabularySize)
        : base("gpt", vocabularySize, options.Context)
    {
        _options = options;
        _embedding = new Weight(vocabularySize, options.Width);
        _layers = [.. Enumerable.Range(0, options.Layers).Select(_ => new GptLayer(options))];
        _norm = new RmsNorm(options.Width);
        _head = options.TiedEmbeddings ? null : new Weight(vocabularySize, options.Width);
        _frequencies = new RotaryFrequencies(options.HeadWidth, options.RopeBase);

        // The names of transformers' LlamaForCausalLM.
        var layers = new Group([.. _layers.Index().Select(pair => ($"{pair.Index}", (nn.Module)pair.Item))]);
        register_module("model", new Group([("embed_tokens", _embedding), ("layers", layers), ("norm", _norm)]));
        if (_head is not null)
        {
            register_module("lm_head", _head);
        }
    }

    public override LinearHead Head => new((_head ?? _embedding).Value);

    public override Tensor States(Tensor ids, Tensor? documents = null)
    {
        using var scope = NewDisposeScope();
        var (batch, time) = (ids.shape[0], ids.shape[1]);
        var x = _embedding.Value.index_select(0, ids.reshape(-1)).view(batch, time, _options.Width); // [B, T, D]
        var rotation = _frequencies.At(arange(time, device: ids.device)); // relative, so documents need no positions of their own
        var attention = new CausalAttention(time, documents);
        foreach (var layer in _layers)
        {
            x = layer.Forward(x, rotation, attention);
        }

        return _norm.Forward(x).MoveToOuterDisposeScope();
    }

    public override IDecodingSession StartDecoding() => TransformerDecoding.Start(Transformer());

    public override IReadOnlyList<(string Name, Tensor Value)> NamedWeights() =>
    [
        ("model.embed_tokens.weight", _embedding.Value),
        .. _layers.Index().SelectMany(pair => pair.Item.NamedWeights().Select(weight => ($"model.layers.{pair.Index}.{weight.Name}", weight.Value))),
        ("model.norm.weight", _norm.Gain),
        .. _head is null ? [] : new[] { ("lm_head.weight", (Tensor)_head.Value) },
    ];

    /// <summary>6 a weight that multiplies, and 12 · layers · heads' width · time for attention; looking up an embedding costs nothing.</summary>
    public override double OperationsPerToken(int time)
    {
        var lookedUp = _head is null ? 0 : _embedding.Value.numel();
        return base.OperationsPerToken(time) - (6.0 * lookedUp) + (12.0 * _options.Layers * _options.Heads * _options.HeadWidth * time);
    }

    public override JsonObject HuggingFaceConfig()
    {
        var isLlama = _options.FeedForward == FeedForwardKind.Swiglu;
        return new()
        {
            ["architectures"] = new JsonArray(isLlama ? "LlamaForCausalLM" : "ExperimentsGpt"),
            ["model_type"] = isLlama ? "llama" : "experiments-gpt",
            ["vocab_size"] = VocabularySize,
            ["hidden_size"] = _options.Width,
            ["intermediate_size"] = _options.InnerWidth,
            ["num_hidden_layers"] = _options.Layers,
            ["num_attention_heads"] = _options.Heads,
            ["num_key_value_heads"] = _options.SharedHeads,
            ["head_dim"] = _options.HeadWidth,
            ["max_position_embeddings"] = _options.Context,
            ["hidden_act"] = _options.FeedForward switch { FeedForwardKind.Swiglu => "silu", FeedForwardKind.Gelu => "gelu", FeedForwardKind.GeluTanh => "gelu_new", _ => "relu2" },
            ["rms_norm_eps"] = RmsNorm.Epsilon,
            ["rope_theta"] = _options.RopeBase,
            ["tie_word_embeddings"] = _options.TiedEmbeddings,
            ["attention_bias"] = false,
            ["mlp_bias"] = false,
            ["initializer_range"] = _options.InitialDeviation,
            ["torch_dtype"] = "float32",
        };
    }

    /// <summary>The network as data.</summary>
    private TransformerWeights Transformer() => new(
        _embedding.Value, null, [.. _layers.Select(layer => layer.Transformer())], _norm.Weights, Head, _options.Heads, _options.SharedHeads, _options.HeadWidth, _frequencies,
        _options.FeedForward, ContextLength);

    /// <summary>Modules under names of their own.</summary>
    private sealed class Group : nn.Module
    {
        public Group((string Name, nn.Module Module)[] members)
            : base("group")
        {
            foreach (var (name, module) in members)
            {
                register_module(name, module);
            }
        }
    }
}
