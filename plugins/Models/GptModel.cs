using System.Text.Json.Nodes;
using Experiments.Contracts.Torch;
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
    private readonly RotaryPositions _positions;

    public GptModel(GptOptions options, int vocabularySize)
        : base("gpt", vocabularySize, options.Context)
    {
        _options = options;
        _embedding = new Weight(vocabularySize, options.Width);
        _layers = [.. Enumerable.Range(0, options.Layers).Select(index => new GptLayer(options, index))];
        _norm = new RmsNorm(options.Width);
        _head = options.TiedEmbeddings ? null : new Weight(vocabularySize, options.Width);
        _positions = new RotaryPositions(options.Context, options.HeadWidth, options.RopeBase);

        // The names of transformers' LlamaForCausalLM.
        var layers = new Group([.. _layers.Index().Select(pair => ($"{pair.Index}", (nn.Module)pair.Item))]);
        register_module("model", new Group([("embed_tokens", _embedding), ("layers", layers), ("norm", _norm)]));
        if (_head is not null)
        {
            register_module("lm_head", _head);
        }
    }

    public override KeyValueCache CreateCache() => new(_layers.Length);

    public override Tensor States(Tensor ids, KeyValueCache? cache = null, Tensor? valid = null)
    {
        using var scope = NewDisposeScope();
        var (batch, time) = (ids.shape[0], ids.shape[1]);
        var past = cache?.Length ?? 0;
        var x = _embedding.Value.index_select(0, ids.reshape(-1)).view(batch, time, _options.Width); // [B, T, D]
        var rotation = _positions.Take(past, time, valid);
        var mask = CausalMask.Create(past, time, valid, _options.Heads, x.dtype); // [1 or B·heads, T, S]
        foreach (var layer in _layers)
        {
            x = layer.Forward(x, rotation, mask, cache);
        }

        return _norm.Forward(x).MoveToOuterDisposeScope();
    }

    public override Tensor Logits(Tensor states) => nn.functional.linear(states, (_head ?? _embedding).Value);

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
            ["hidden_act"] = _options.FeedForward switch { FeedForwardKind.Swiglu => "silu", FeedForwardKind.Gelu => "gelu", _ => "relu2" },
            ["rms_norm_eps"] = RmsNorm.Epsilon,
            ["rope_theta"] = _options.RopeBase,
            ["tie_word_embeddings"] = _options.TiedEmbeddings,
            ["attention_bias"] = false,
            ["mlp_bias"] = false,
            ["initializer_range"] = _options.InitialDeviation,
            ["torch_dtype"] = "float32",
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _positions.Dispose();
        }

        base.Dispose(disposing);
    }

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
