using System.Runtime.InteropServices;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Decoding.Device;
using Experiments.Learning.Decoding.Native;
using Experiments.Learning.Operations;
using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Decoding;

public class TransformerSessionTests
{
    private static readonly int[] Row = [.. Enumerable.Range(0, 150).Select(i => ((i * 31) + (i * i)) % 50)];
    private static readonly TransformerVariant Plain = new();

    public static TheoryData<TransformerVariant> Variants => new(
        Plain,
        Plain with { Norm = NormKind.Layernorm, HasBiases = true, HasRotation = false, HasPositions = true, FeedForward = FeedForwardKind.GeluTanh },
        Plain with { HasGain = false, HasQueryKeyNorm = true, FeedForward = FeedForwardKind.Relu2, SoftCap = 5 },
        Plain with { Norm = NormKind.Layernorm, HasGain = false, FeedForward = FeedForwardKind.Gelu, SharedHeads = 2 },
        Plain with { HasBiases = true, HasQueryKeyNorm = true, HasPositions = true, SharedHeads = 1, Inner = 43 },
        Plain with { HasRotation = false, Width = 45, HeadWidth = 10, Inner = 77, Vocabulary = 51 },
        Plain with { Width = 128, HeadWidth = 96, SharedHeads = 2 },
        Plain with { Width = 64, HeadWidth = 64, Norm = NormKind.Layernorm, HasBiases = true });

    [Theory, MemberData(nameof(Variants))]
    public void CachedLogitsAreThoseOfThePlainForm(TransformerVariant variant) =>
        Compare(RandomTransformer.Build(variant, ScalarType.Float32), weights => new TransformerSession<Float32Format>(weights), 1e-4);

    [Theory, MemberData(nameof(Variants))]
    public void FromBFloat16WeightsOnlyTheCacheIsRounded(TransformerVariant variant) =>
        Compare(RandomTransformer.Build(variant, ScalarType.BFloat16), weights => new TransformerSession<BFloat16Format>(weights), 0.4);

    [Theory, MemberData(nameof(Variants))]
    public void OnADeviceTheyAreTheSame(TransformerVariant variant)
    {
        Compare(RandomTransformer.Build(variant, ScalarType.Float32), weights => new DeviceSession(weights), 1e-4);
        Compare(RandomTransformer.Build(variant, ScalarType.Float64), weights => new DeviceSession(weights), 1e-5);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void ARowDoesNotDependOnTheRowsBesideItToTheBit(bool isHalf)
    {
        using var scope = NewDisposeScope();
        var weights = RandomTransformer.Build(Plain with { Width = 45 }, isHalf ? ScalarType.BFloat16 : ScalarType.Float32);
        using var alone = TransformerDecoding.Start(weights);
        var one = alone.Begin();
        alone.Read([new(one, Row.AsMemory(0, 20))]);
        var truth = alone.Read([new(one, Row.AsMemory(20, 1))]).ToArray();
        foreach (var beside in new[] { 1, 2, 3, 6, 40 })
        {
            using var session = TransformerDecoding.Start(weights);
            var sequence = session.Begin();
            session.Read([new(sequence, Row.AsMemory(0, 7))]);
            session.Read([new(sequence, Row.AsMemory(7, 13))]);
            List<SequenceTokens> parts = [.. Enumerable.Range(0, beside).Select(i => new SequenceTokens(session.Begin(), Row.AsMemory(i, 1 + (i % 5))))];
            parts.Add(new(sequence, Row.AsMemory(20, 1)));
            session.Read(parts)[^50..].ToArray().ShouldBe(truth, $"{beside} beside it");
        }
    }

    [Fact]
    public void AForkGoesOnAsASequenceThatReadTheSame()
    {
        using var scope = NewDisposeScope();
        foreach (var start in new Func<TransformerWeights, IDecodingSession>[] { TransformerDecoding.Start, weights => new DeviceSession(weights) })
        {
            using var session = start(RandomTransformer.Build(Plain, ScalarType.Float32));
            var (first, again) = (session.Begin(), session.Begin());
            session.Read([new(first, Row.AsMemory(0, 100)), new(again, Row.AsMemory(0, 100))]);
            int[] forks = [session.Fork(first), session.Fork(first)];
            session.Read([new(forks[0], Row.AsMemory(100, 2)), new(again, Row.AsMemory(100, 2))]);
            session.Read([new(first, Row.AsMemory(120, 10)), new(forks[1], Row.AsMemory(130, 9))]); // at the same positions
            session.End(first);
            session.Read([new(session.Begin(), Row.AsMemory(30, 70))]); // reuses freed places
            var logits = session.Read([new(forks[0], Row.AsMemory(102, 3)), new(again, Row.AsMemory(102, 3))]);
            (logits[..50].ToArray().Zip(logits[50..].ToArray(), (a, b) => Math.Abs(a - b)).Max()).ShouldBeLessThan(1e-5f);
        }
    }

    [Theory, InlineData(true), InlineData(false)]
    public void WhatDoesNotFitIsNamed(bool isOnDevice)
    {
        using var scope = NewDisposeScope();
        var weights = RandomTransformer.Build(Plain, ScalarType.Float32);
        using IDecodingSession session = isOnDevice ? new DeviceSession(weights) : new TransformerSession<Float32Format>(weights);
        var sequence = session.Begin();
        session.Read([new(sequence, Row)]);
        Should.Throw<InvalidDataException>(() => session.Read([new(sequence, Row.AsMemory(0, 11))])).Message.ShouldBe("A sequence has 161 tokens; the model's context is 160.");
        Should.Throw<InvalidDataException>(() => session.Read([new(sequence, new[] { 50 })])).Message.ShouldBe("Token 50 is not in the model's vocabulary of 50.");
        Should.Throw<InvalidDataException>(() => session.Read([new(sequence, new[] { 1 }), new(sequence, new[] { 1 })])).Message.ShouldContain("twice");
    }

    /// <summary>Reads a sequence in pieces together with others, and compares all resulting logits.</summary>
    private static void Compare(TransformerWeights weights, Func<TransformerWeights, IDecodingSession> start, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var vocabulary = (int)weights.Embedding.shape[0];
        var truth = MemoryMarshal.Cast<byte, double>(RandomTransformer.Forward(weights, Row).contiguous().bytes).ToArray();
        using var session = start(weights);
        int[] sequences = [.. Enumerable.Range(0, 6).Select(_ => session.Begin())];
        var lengths = new int[sequences.Length];
        for (var pass = 0; lengths.Max() < Row.Length; pass++)
        {
            int[] steps = [.. sequences.Select((_, i) => Math.Min(pass == 0 ? 1 + (i * 25) : i == 2 ? 3 : 1, Row.Length - lengths[i]))];
            var logits = session.Read([.. sequences.Index().Where(pair => steps[pair.Index] > 0).Select(pair => new SequenceTokens(pair.Item, Row.AsMemory(lengths[pair.Index], steps[pair.Index])))]);
            var row = 0;
            for (var i = 0; i < sequences.Length; i++)
            {
                lengths[i] += steps[i];
                for (var v = 0; steps[i] > 0 && v < vocabulary; v++)
                {
                    logits[(row * vocabulary) + v].ShouldBe((float)truth[((lengths[i] - 1) * vocabulary) + v], tolerance, $"pass {pass}, sequence {i}, length {lengths[i]}, token {v}");
                }

                row += steps[i] > 0 ? 1 : 0;
            }
        }
    }
}
