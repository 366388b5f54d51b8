using System.Text.Json.Nodes;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using Experiments.Plugins.Models.Families;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>The network of <c>gpt</c>. Shapes in comments: B rows, T positions, D width, V vocabulary.</summary>
internal sealed class GptModel : LanguageModel, ITransformer
{
    private readonly GptOptions _options;
    private readonly IModelFamily _family;
    private readonly Weight _embedding;
    private readonly Weight? _positions;
    private readonly GptLayer[] _layers;
    private readonly Norm _norm;
    private readonly Weight? _head;
    private readonly RotaryFrequencies? _frequencies;

    public GptModel(GptOptions options, int vocabularySize)
        : base("gpt", vocabularySize, options.Context)
    {
        (_options, _family) = (options, ModelFamilies.Of(options));
        _embedding = new Weight(vocabularySize, options.Width);
        _positions = options.Positions == PositionKind.Learned ? new Weight(options.Context, options.Width) : null;
        _layers = [.. Enumerable.Range(0, options.Layers).Select(_ => new GptLayer(options))];
        _norm = options.CreateNorm();
        _head = options.TiedEmbeddings ? null : new Weight(vocabularySize, options.Width);
        _frequencies = options.Positions == PositionKind.Rope ? options.Frequencies() : null;

        // The parameters' names are those of transformers' LlamaForCausalLM.
        var layers = new Group([.. _layers.Index().Select(pair => ($"{pair.Index}", (nn.Module)pair.Item))]);
        var positions = _positions is null ? [] : new[] { ("embed_positions", (nn.Module)_positions) };
        register_module("model", new Group([("embed_tokens", _embedding), .. positions, ("layers", layers), ("norm", _norm)]));
        if (_head is not null)
        {
            register_module("lm_head", _head);
        }
    }

    public override LinearHead Head => new((_head ?? _embedding).Value, _options.SoftCap);

    public override Tensor States(Tensor ids, Tensor? documents = null)
    {
        using var scope = UsesActivationCheckpointing ? null : NewDisposeScope(); // the backward pass recomputes layers with the same rotation and masks
        var (batch, time) = (ids.shape[0], ids.shape[1]);
        var x = _embedding.Value.index_select(0, ids.reshape(-1)).view(batch, time, _options.Width); // [B, T, D]
        if (_positions is not null)
        {
            x = x.Plus(Positions(time, documents, ids.device));
        }

        var rotation = _frequencies?.At(arange(time, device: ids.device)); // rotations are relative, so positions need not begin anew in each document
        var attention = new CausalAttention(time, documents, _options.Heads, _options.SharedHeads, x);
        foreach (var layer in _layers)
        {
            x = UsesActivationCheckpointing ? ActivationCheckpointing.Run(state => layer.Forward(state, rotation, attention), x) : layer.Forward(x, rotation, attention);
        }

        var states = _norm.Forward(x);
        return scope is null ? states : states.MoveToOuterDisposeScope();
    }

    public TransformerWeights Weights() => new(
        _embedding.Value,
        _positions?.Value,
        [.. _layers.Select(layer => layer.Weights)],
        _norm.Weights,
        Head,
        _options.Heads,
        _options.SharedHeads,
        _options.WidthOfHead,
        _frequencies,
        _options.FeedForward,
        ContextLength);

    public override IDecodingSession StartDecoding() => TransformerDecoding.Start(Weights());

    public override IReadOnlyList<(string Name, Tensor Value)> NamedWeights() => _family.NamedWeights(Weights());

    /// <summary>
    /// 6 operations for each weight of a matrix product, and 12 · layers · width of all heads · time for attention.
    /// Looking up embeddings and positions counts as free.
    /// </summary>
    public override double OperationsPerToken(int time)
    {
        var lookedUp = (_head is null ? 0 : _embedding.Value.numel()) + (_positions?.Value.numel() ?? 0);
        return base.OperationsPerToken(time) - (6.0 * lookedUp) + (12.0 * _options.Layers * _options.Heads * _options.WidthOfHead * time);
    }

    public override JsonObject HuggingFaceConfig() => _family.Config(_options, VocabularySize);

    /// <summary>The learned position vectors: [T, D], or [B, T, D] if positions begin anew in each document.</summary>
    private Tensor Positions(long time, Tensor? documents, Device device)
    {
        if (documents is null)
        {
            return _positions!.Value.narrow(0, 0, time);
        }

        var position = arange(time, device: device).unsqueeze(0) - DocumentRows.Begins(documents); // [B, T]
        return _positions!.Value.index_select(0, position.flatten()).view(documents.shape[0], time, _options.Width);
    }

    /// <summary>A group of modules with the given names.</summary>
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
