using System.Text.Json.Nodes;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// GPT-2 (Radford et al. 2019). Transformers stores its matrices as [in, out] (Conv1D), and queries, keys and values in
/// one matrix.
/// </summary>
internal sealed class Gpt2Family : IModelFamily
{
    private const string ExactGelu = "gelu";
    private const string TanhGelu = "gelu_new";

    public string Architecture => "GPT2LMHeadModel";

    public string Prefix => "transformer.";

    public JsonObject Config(GptOptions options, int vocabularySize) => new()
    {
        ["architectures"] = new JsonArray(Architecture),
        ["model_type"] = "gpt2",
        ["vocab_size"] = vocabularySize,
        ["n_embd"] = options.Width,
        ["n_layer"] = options.Layers,
        ["n_head"] = options.Heads,
        ["n_positions"] = options.Context,
        ["n_ctx"] = options.Context,
        ["n_inner"] = options.InnerWidth,
        ["activation_function"] = options.FeedForward == FeedForwardKind.Gelu ? ExactGelu : TanhGelu,
        ["layer_norm_epsilon"] = options.NormEpsilon,
        ["attn_pdrop"] = 0.0,
        ["embd_pdrop"] = 0.0,
        ["resid_pdrop"] = 0.0,
        ["tie_word_embeddings"] = options.TiedEmbeddings,
        ["initializer_range"] = options.InitialDeviation,
        ["torch_dtype"] = "float32",
    };

    public GptOptions Options(ConfigFields config)
    {
        config.Want("scale_attn_weights", "true", "true");
        config.Want("scale_attn_by_inverse_layer_idx", "false", "false");
        config.Want("add_cross_attention", "false", "false");
        config.Skip("n_ctx", "attn_pdrop", "embd_pdrop", "resid_pdrop", "reorder_and_upcast_attn", "summary_activation", "summary_first_dropout", "summary_proj_to_labels", "summary_type", "summary_use_proj");
        var activation = config.Text("activation_function", TanhGelu)!;
        return new()
        {
            Layers = config.Whole("n_layer"),
            Width = config.Whole("n_embd"),
            Heads = config.Whole("n_head"),
            Context = config.Whole("n_positions"),
            Positions = PositionKind.Learned,
            Norm = NormKind.Layernorm,
            NormEpsilon = config.Number("layer_norm_epsilon", 1e-5),
            Bias = BiasKind.All,
            FeedForward = activation switch
            {
                TanhGelu or "gelu_pytorch_tanh" or "gelu_fast" => FeedForwardKind.GeluTanh,
                ExactGelu => FeedForwardKind.Gelu,
                _ => throw config.Problem("activation_function", activation, $"{TanhGelu}, gelu_pytorch_tanh, gelu_fast or {ExactGelu}"),
            },
            FeedForwardWidth = config.WholeOrNull("n_inner"),
            TiedEmbeddings = config.Truth("tie_word_embeddings", true),
            InitialDeviation = config.Number("initializer_range", 0.02),
        };
    }

    public IReadOnlyList<(string Name, Tensor Value)> NamedWeights(TransformerWeights weights) =>
    [
        ("transformer.wte.weight", weights.Embedding),
        ("transformer.wpe.weight", weights.Positions!),
        .. weights.Layers.Index().SelectMany(pair => Layer(pair.Item).Select(weight => ($"transformer.h.{pair.Index}.{weight.Name}", weight.Value))),
        .. Norm("transformer.ln_f", weights.Norm),
        .. ReferenceEquals(weights.Head.Weight, weights.Embedding) ? [] : new[] { ("lm_head.weight", weights.Head.Weight) },
    ];

    /// <summary>Older checkpoints contain the causal mask of each layer.</summary>
    public bool IsBuffer(string name) => name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    private static IEnumerable<(string Name, Tensor Value)> Layer(TransformerLayerWeights layer) =>
    [
        .. Norm("ln_1", layer.AttentionNorm),
        .. Transposed("attn.c_attn", layer.Joint), // [D, 3 · D]: queries, keys, values
        .. Transposed("attn.c_proj", layer.Output),
        .. Norm("ln_2", layer.FeedForwardNorm),
        .. Transposed("mlp.c_fc", layer.Up),
        .. Transposed("mlp.c_proj", layer.Down),
    ];

    private static IEnumerable<(string Name, Tensor Value)> Norm(string name, NormWeights norm) => [(name + ".weight", norm.Gain!), (name + ".bias", norm.Bias!)];

    private static IEnumerable<(string Name, Tensor Value)> Transposed(string name, LinearWeights linear) => [(name + ".weight", linear.Weight.t()), (name + ".bias", linear.Bias!)];
}
