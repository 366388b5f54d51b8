using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;

namespace Experiments.Plugins.Models;

/// <summary>Settings of <c>gpt</c>.</summary>
public sealed record GptOptions : IValidatableObject
{
    private const int WidthPerLayer = 64;
    private readonly int? _layers;
    private readonly int? _width;
    private readonly int? _heads;

    /// <summary>
    /// A single number for the model's size (nanochat, Karpathy 2025): the number of layers. The width is then 64 times
    /// the depth, in heads of width 64. Layers, width and heads can also be given and take precedence. A training
    /// derives its batch size, learning rate and length from the depth if they are not given. Default: none.
    /// </summary>
    [AddedLater(null)][Range(1, 1000)] public int? Depth { get; init; }

    /// <summary>Number of layers. Default: the depth, or 4.</summary>
    [Range(1, 1000)] public int Layers { get => _layers ?? Depth ?? 4; init => _layers = value; }

    /// <summary>
    /// Width of the residual stream. It must be a multiple of heads unless head_width is given. Default: 64 times the
    /// depth, or 128.
    /// </summary>
    [Range(1, 65_536)] public int Width { get => _width ?? WidthPerLayer * Depth ?? 128; init => _width = value; }

    /// <summary>
    /// Number of attention heads. Each has an equal share of the width unless head_width is given. Default: the depth,
    /// or 4.
    /// </summary>
    [Range(1, 1024)] public int Heads { get => _heads ?? Depth ?? 4; init => _heads = value; }

    /// <summary>
    /// Number of heads of keys and values, each shared by a group of attention heads (grouped-query attention, Ainslie
    /// et al. 2023). Default: the number of heads.
    /// </summary>
    [Range(1, 1024)] public int? KeyValueHeads { get; init; }

    /// <summary>Width of a head. It must be even with rotary positions. Default: width divided by heads.</summary>
    [AddedLater(null)][Range(1, 65_536)] public int? HeadWidth { get; init; }

    /// <summary>Context length: the longest sequence. Unit: tokens. Default: 256.</summary>
    [Range(1, 1_048_576)] public int Context { get; init; } = 256;

    /// <summary>How the model encodes positions: rope, learned or none. Default: rope.</summary>
    [AddedLater(PositionKind.Rope)] public PositionKind Positions { get; init; } = PositionKind.Rope;

    /// <summary>Base of the rotary frequencies (Su et al. 2021). Default: 10000.</summary>
    [Range(1.0, 1e9)] public double RopeBase { get; init; } = 10_000;

    /// <summary>Scaling of the rotary frequencies for a longer context. Default: none.</summary>
    [AddedLater(null)] public RopeScaling? RopeScaling { get; init; }

    /// <summary>
    /// The norm before attention, before the feed-forward network and before the head: rmsnorm or layernorm. Default:
    /// rmsnorm.
    /// </summary>
    [AddedLater(NormKind.Rmsnorm)] public NormKind Norm { get; init; } = NormKind.Rmsnorm;

    /// <summary>Whether norms have a learned gain; layernorm then also has a bias. Default: true.</summary>
    [AddedLater(true)] public bool NormGain { get; init; } = true;

    /// <summary>Number that a norm adds to avoid a division by zero. Default: 0.00001.</summary>
    [AddedLater(1e-5)][Range(1e-12, 1.0)] public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>
    /// Whether queries and keys are normalized by an RMSNorm over each head before they are rotated (Dehghani et al.
    /// 2023), as in Qwen3. Default: false.
    /// </summary>
    [AddedLater(false)] public bool QkNorm { get; init; }

    /// <summary>Which projections have a bias: none, qkv or all. Default: none.</summary>
    [AddedLater(BiasKind.None)] public BiasKind Bias { get; init; } = BiasKind.None;

    /// <summary>The feed-forward network: swiglu, gelu, gelu-tanh or relu2. Default: swiglu.</summary>
    public FeedForwardKind FeedForward { get; init; } = FeedForwardKind.Swiglu;

    /// <summary>
    /// Inner width of the feed-forward network. Default: 4 times the width; for swiglu, which has a third matrix, 8/3
    /// of the width, rounded up to a multiple of 32.
    /// </summary>
    [Range(1, 1_048_576)] public int? FeedForwardWidth { get; init; }

    /// <summary>Whether the head shares the embedding's weights (Press and Wolf 2017). Default: true.</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <summary>
    /// Cap of the logits: x becomes cap · tanh(x / cap), as in Gemma 2 and nanochat. Default: no cap.
    /// </summary>
    [AddedLater(null)][Range(1e-3, 1e6)] public double? SoftCap { get; init; }

    /// <summary>Standard deviation of the initial weights. Default: 0.02.</summary>
    [Range(0.0, 1.0)] public double InitialDeviation { get; init; } = 0.02;

    internal int WidthOfHead => HeadWidth ?? Width / Heads;

    internal int SharedHeads => KeyValueHeads ?? Heads;

    internal int InnerWidth => FeedForwardWidth ?? (FeedForward == FeedForwardKind.Swiglu ? ((Width * 8 / 3) + 31) / 32 * 32 : 4 * Width);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HeadWidth is null && Width % (Positions == PositionKind.Rope ? 2 * Heads : Heads) != 0)
        {
            yield return new($"A width of {Width} cannot be divided evenly among {Heads} heads.", [nameof(Width)]);
        }

        if (HeadWidth is { } width && width % 2 != 0 && Positions == PositionKind.Rope)
        {
            yield return new($"Rotary positions need heads of even width, but head_width is {width}.", [nameof(HeadWidth)]);
        }

        if (Heads % SharedHeads != 0)
        {
            yield return new($"{Heads} heads cannot share {SharedHeads} heads of keys and values evenly.", [nameof(KeyValueHeads)]);
        }

        if (RopeScaling is not null && Positions != PositionKind.Rope)
        {
            yield return new("Only rotary positions can be scaled. Leave rope_scaling out, or set positions: rope.", [nameof(RopeScaling)]);
        }

        foreach (var problem in RopeScaling?.Problems() ?? [])
        {
            yield return new(problem, [nameof(RopeScaling)]);
        }
    }

    /// <summary>
    /// The same model with every derived value filled in, and with options that have no effect at their defaults.
    /// Models with equal canonical options compute the same. A new option needs no line here; at worst, a value without
    /// effect then counts as a difference.
    /// </summary>
    internal GptOptions Canonical() => this with
    {
        Depth = null,
        Layers = Layers,
        Width = Width,
        Heads = Heads,
        KeyValueHeads = SharedHeads,
        HeadWidth = WidthOfHead,
        FeedForwardWidth = InnerWidth,
        RopeBase = Positions == PositionKind.Rope ? RopeBase : new GptOptions().RopeBase,
        RopeScaling = RopeScaling?.Canonical(),
    };

    internal Norm CreateNorm() => new(Width, Norm, NormGain, NormEpsilon);

    internal RotaryFrequencies Frequencies()
    {
        var plain = new RotaryFrequencies(WidthOfHead, RopeBase);
        return RopeScaling is null ? plain : new([.. plain.Values.Select(RopeScaling.Scale)]);
    }
}

/// <summary>How a model encodes positions.</summary>
public enum PositionKind
{
    /// <summary>
    /// Queries and keys are rotated by their positions (RoPE, Su et al. 2021). A rotation pairs the two halves of a
    /// head.
    /// </summary>
    Rope,

    /// <summary>
    /// Each position has a learned vector that is added to the embedding, as in GPT-2. Positions are counted from the
    /// beginning of the document.
    /// </summary>
    Learned,

    /// <summary>
    /// Positions are not encoded. The model can infer them only from causal attention (NoPE, Kazemnejad et al. 2023).
    /// </summary>
    None,
}

/// <summary>Which projections have a bias.</summary>
public enum BiasKind
{
    /// <summary>None, as in Llama.</summary>
    None,

    /// <summary>The projections to queries, keys and values, as in Qwen2.</summary>
    Qkv,

    /// <summary>All but the head, as in GPT-2.</summary>
    All,
}
