using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Sizing;
using Experiments.Contracts.Torch;
using Experiments.Learning;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models;

/// <summary>
/// A decoder-only transformer (Vaswani et al. 2017; Radford et al. 2019) in the form of Llama (Touvron et al. 2023): pre-norm with RMSNorm, rotary
/// positions, no biases, SwiGLU. With the default options its checkpoints are Llama checkpoints.
/// </summary>
[Plugin("gpt")]
public sealed class Gpt(GptOptions options) : IModelArchitecture
{
    /// <inheritdoc/>
    public int? Depth => options.Depth;

    /// <inheritdoc/>
    public ModelSize Size(int vocabularySize) => GptSize.Of(options, vocabularySize);

    /// <inheritdoc/>
    /// <remarks>As in GPT-2, weights are normal with one deviation, and the projections back into the residual stream are scaled by 1/√(2·layers).</remarks>
    public LanguageModel Build(int vocabularySize, ulong seed)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var model = new GptModel(options, vocabularySize);
        using var _ = no_grad();
        foreach (var (index, (name, parameter)) in model.NamedWeights().Index())
        {
            if (parameter.shape.Length > 1)
            {
                var isResidual = name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
                var deviation = options.InitialDeviation / (isResidual ? Math.Sqrt(2.0 * options.Layers) : 1);
                var random = new RandomStream(seed, "weights", index);
                using var scope = NewDisposeScope();
                var values = tensor(Enumerable.Range(0, (int)parameter.numel()).Select(_ => (float)(deviation * random.NextGaussian())).ToArray());
                parameter.copy_(values.view(parameter.shape));
            }
        }

        return model;
    }
}

/// <summary>Settings of <c>gpt</c>.</summary>
public sealed record GptOptions : IValidatableObject
{
    private const int WidthPerLayer = 64;
    private readonly int? _layers;
    private readonly int? _width;
    private readonly int? _heads;

    /// <summary>
    /// One number for the size (nanochat, Karpathy 2025): so many layers, 64 times so many wide, with heads of 64. Each of the three can be given beside it. A training
    /// derives from it too what it was not given. Default: none.
    /// </summary>
    [AddedLater(null)]
    [Range(1, 1000)] public int? Depth { get; init; }

    /// <summary>Layers. Default: the depth, or 4.</summary>
    [Range(1, 1000)] public int Layers { get => _layers ?? Depth ?? 4; init => _layers = value; }

    /// <summary>Width of the residual stream; a multiple of the heads. Default: 64 times the depth, or 128.</summary>
    [Range(1, 65_536)] public int Width { get => _width ?? WidthPerLayer * Depth ?? 128; init => _width = value; }

    /// <summary>Attention heads; each gets an even share of the width. Default: as many as the depth, or 4.</summary>
    [Range(1, 1024)] public int Heads { get => _heads ?? Depth ?? 4; init => _heads = value; }

    /// <summary>Heads of keys and values, shared by groups of attention heads (Ainslie et al. 2023). Default: as many as heads.</summary>
    [Range(1, 1024)] public int? KeyValueHeads { get; init; }

    /// <summary>The longest sequence. Unit: tokens. Default: 256.</summary>
    [Range(1, 1_048_576)] public int Context { get; init; } = 256;

    /// <summary>The feed-forward network: swiglu, gelu or relu2. Default: swiglu.</summary>
    public FeedForwardKind FeedForward { get; init; } = FeedForwardKind.Swiglu;

    /// <summary>Width inside the feed-forward network. Default: 4 times the width; for swiglu, which has a third matrix, 8/3 of it, rounded up to a multiple of 32.</summary>
    [Range(1, 1_048_576)] public int? FeedForwardWidth { get; init; }

    /// <summary>Whether the head uses the embedding's weights (Press and Wolf 2017). Default: true.</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <summary>The base of the rotary frequencies (Su et al. 2021). Default: 10000.</summary>
    [Range(1.0, 1e9)] public double RopeBase { get; init; } = 10_000;

    /// <summary>Standard deviation of the initial weights. Default: 0.02.</summary>
    [Range(0.0, 1.0)] public double InitialDeviation { get; init; } = 0.02;

    internal int HeadWidth => Width / Heads;

    internal int SharedHeads => KeyValueHeads ?? Heads;

    internal int InnerWidth => FeedForwardWidth ?? (FeedForward == FeedForwardKind.Swiglu ? ((Width * 8 / 3) + 31) / 32 * 32 : 4 * Width);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % (2 * Heads) != 0)
        {
            yield return new($"A width of {Width} does not give {Heads} heads an even share.", [nameof(Width)]);
        }

        if (Heads % SharedHeads != 0)
        {
            yield return new($"{Heads} heads cannot share {SharedHeads} heads of keys and values evenly.", [nameof(KeyValueHeads)]);
        }
    }
}
