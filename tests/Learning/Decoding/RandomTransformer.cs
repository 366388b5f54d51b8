using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Decoding;

/// <summary>
/// A transformer with random weights and any options, and a plain implementation of it for whole sequences without a
/// cache.
/// </summary>
public sealed record TransformerVariant
{
    public NormKind Norm { get; init; } = NormKind.Rmsnorm;

    public bool HasGain { get; init; } = true;

    public bool HasBiases { get; init; }

    public bool HasQueryKeyNorm { get; init; }

    public bool HasRotation { get; init; } = true;

    public bool HasPositions { get; init; }

    public int SharedHeads { get; init; } = 4;

    public int HeadWidth { get; init; } = 8;

    public int Width { get; init; } = 32;

    public int Inner { get; init; } = 64;

    public int Vocabulary { get; init; } = 50;

    public FeedForwardKind FeedForward { get; init; } = FeedForwardKind.Swiglu;

    public double? SoftCap { get; init; }
}

internal static class RandomTransformer
{
    public const int Context = 160;
    private const int HeadCount = 4;

    public static TransformerWeights Build(TransformerVariant variant, ScalarType type)
    {
        manual_seed(3);
        var (width, inner) = (variant.Width, variant.Inner);
        var up = variant.FeedForward == FeedForwardKind.Swiglu ? 2 * inner : inner;
        var layers = Enumerable.Range(0, 2).Select(_ => new TransformerLayerWeights(
            Norm(width),
            Linear((HeadCount + (2 * variant.SharedHeads)) * variant.HeadWidth, width),
            variant.HasQueryKeyNorm ? Rms(variant.HeadWidth) : null,
            variant.HasQueryKeyNorm ? Rms(variant.HeadWidth) : null,
            Linear(width, HeadCount * variant.HeadWidth), Norm(width), Linear(up, width), Linear(width, inner))).ToArray();
        return new(
            Numbers(1, variant.Vocabulary, width), variant.HasPositions ? Numbers(0.5, Context, width) : null, layers, Norm(width),
            new LinearHead(Numbers(0.3, variant.Vocabulary, width), variant.SoftCap), HeadCount, variant.SharedHeads, variant.HeadWidth,
            variant.HasRotation ? new RotaryFrequencies(variant.HeadWidth, 10_000) : null, variant.FeedForward, Context);

        Tensor Numbers(double deviation, params long[] shape) => (randn(shape) * deviation).to(type);

        LinearWeights Linear(int rows, int columns) => new(Numbers(0.2, rows, columns), variant.HasBiases ? Numbers(0.2, rows) : null);

        NormWeights Norm(int size) => variant.Norm == NormKind.Rmsnorm
            ? new(NormKind.Rmsnorm, variant.HasGain ? Numbers(1, size) : null, null, 1e-5)
            : new(NormKind.Layernorm, variant.HasGain ? Numbers(1, size) : null, variant.HasGain && variant.HasBiases ? Numbers(1, size) : null, 1e-5);

        NormWeights Rms(int size) => new(NormKind.Rmsnorm, variant.HasGain ? Numbers(1, size) : null, null, 1e-5);
    }

    /// <summary>
    /// The logits of all positions of one sequence, [T, V], computed in float64 from weights of any type.
    /// </summary>
    public static Tensor Forward(TransformerWeights weights, int[] ids)
    {
        var time = ids.Length;
        var x = Double(weights.Embedding).index_select(0, tensor(ids.Select(id => (long)id).ToArray()));
        x = weights.Positions is null ? x : x.Plus(Double(weights.Positions).narrow(0, 0, time));
        foreach (var layer in weights.Layers)
        {
            x = x.Plus(Linear(Attend(Linear(Norm(x, layer.AttentionNorm), layer.Joint), layer), layer.Output));
            x = x.Plus(Linear(Activations.Apply(weights.FeedForward, Linear(Norm(x, layer.FeedForwardNorm), layer.Up)), layer.Down));
        }

        return new LinearHead(Double(weights.Head.Weight), weights.Head.SoftCap).Logits(Norm(x, weights.Norm));

        Tensor Attend(Tensor joint, TransformerLayerWeights layer)
        {
            var width = weights.HeadWidth;
            var mask = full([time, time], double.NegativeInfinity, dtype: ScalarType.Float64).triu(1);
            List<Tensor> mixed = [];
            for (var head = 0; head < weights.Heads; head++)
            {
                var shared = head / (weights.Heads / weights.SharedHeads);
                var query = Turned(Part(head), layer.QueryNorm);
                var key = Turned(Part(weights.Heads + shared), layer.KeyNorm);
                var scores = query.mm(key.t()).Times(1 / Math.Sqrt(width)).Plus(mask);
                mixed.Add(scores.softmax(-1).mm(Part(weights.Heads + weights.SharedHeads + shared)));
            }

            return cat(mixed, 1);

            Tensor Part(int index) => joint.narrow(1, index * width, width);
        }

        Tensor Turned(Tensor head, NormWeights? norm)
        {
            head = norm is null ? head : Norm(head, norm);
            if (weights.Frequencies is null)
            {
                return head;
            }

            var angles = arange(time, dtype: ScalarType.Float64).unsqueeze(1) * tensor(weights.Frequencies.Values.ToArray());
            var (left, right) = (head.narrow(1, 0, weights.HeadWidth / 2), head.narrow(1, weights.HeadWidth / 2, weights.HeadWidth / 2));
            return cat([left * angles.cos() - right * angles.sin(), (left * angles.sin()).Plus(right * angles.cos())], 1);
        }
    }

    private static Tensor Double(Tensor tensor) => tensor.to(ScalarType.Float64);

    private static Tensor Linear(Tensor x, LinearWeights map) => nn.functional.linear(x, Double(map.Weight), map.Bias is null ? null : Double(map.Bias));

    private static Tensor Norm(Tensor x, NormWeights norm)
    {
        var centred = norm.Kind == NormKind.Rmsnorm ? x : x - x.mean([-1], keepdim: true);
        var normal = centred * centred.square().mean([-1], keepdim: true).Plus(norm.Epsilon).rsqrt();
        normal = norm.Gain is null ? normal : normal * Double(norm.Gain);
        return norm.Bias is null ? normal : normal.Plus(Double(norm.Bias));
    }
}
