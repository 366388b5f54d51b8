using System.Runtime.InteropServices;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests;

public sealed class SequenceModelTests : IDisposable
{
    private const int Context = 12;
    private static readonly int[] Short = [1, 2, 3];
    private static readonly int[] Long = [4, 5, 6, 7, 8, 9, 10, 11, 12, 13];

    private readonly LastTokens _model = Build();

    [Fact]
    public void GreedyDecodingRepeatsTheArgMaxOfTheWholeSequence()
    {
        List<int> tokens = [.. Short];
        for (var i = 0; i < 6; i++)
        {
            tokens.Add(ArgMax([.. tokens]));
        }

        Complete(Short)[0].Tokens.Take(6).ShouldBe(tokens.Skip(Short.Length).Take(6));
    }

    [Fact]
    public void ACompletionDoesNotDependOnThePaddingBesideLongerRows() =>
        Complete(Short, Long, [1]).Select(row => row.Tokens).ShouldBe([Complete(Short)[0].Tokens, Complete(Long)[0].Tokens, Complete([1])[0].Tokens]);

    [Fact]
    public void DocumentsOfARowAreComputedApart()
    {
        using var _ = no_grad();
        var ids = tensor(new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }).view(2, 5);
        var together = _model.Forward(ids, tensor(new long[] { 0, 0, 1, 1, 1, 5, 5, 5, 5, 9 }).view(2, 5));
        foreach (var (row, start, length) in new[] { (0, 0, 2), (0, 2, 3), (1, 0, 4), (1, 4, 1) })
        {
            var alone = _model.Forward(ids.narrow(0, row, 1).narrow(1, start, length));
            (together.narrow(0, row, 1).narrow(1, start, length) - alone).abs().max().item<float>().ShouldBeLessThan(1e-6f);
        }
    }

    [Fact]
    public void TheNetworkNeverSeesMoreThanItsContext()
    {
        Complete([1], Long)[0].Tokens.Length.ShouldBe(Context - 1);

        _model.LongestSeen.ShouldBeLessThanOrEqualTo(Context);
    }

    [Fact]
    public void FieldsWithAnInitialValueAreRegistered() =>
        _model.named_parameters().Select(pair => pair.name).ShouldBe(["tokens.weight", "places.weight", "mix.weight", "mix.bias"]);

    [Fact]
    public void ConfigJsonNamesTheSizes() => _model.HuggingFaceConfig().ToJsonString().ShouldBe(
        """{"architectures":["last-tokens"],"model_type":"last-tokens","vocab_size":20,"max_position_embeddings":12,"torch_dtype":"float32"}""");

    public void Dispose() => _model.Dispose();

    private static LastTokens Build()
    {
        manual_seed(1);
        return new();
    }

    private IReadOnlyList<Completion> Complete(params int[][] prompts) =>
        new Decoder(_model).Complete(prompts, new SamplingOptions { Temperature = 0, MaximumTokens = Context }, stopToken: -1, seed: 5);

    private int ArgMax(int[] tokens)
    {
        using var _ = no_grad();
        var logits = _model.Forward(tensor(tokens.Select(id => (long)id).ToArray()).unsqueeze(0))[0, tokens.Length - 1].contiguous();
        return MemoryMarshal.Cast<byte, float>(logits.bytes).IndexOf(logits.max().item<float>());
    }

    /// <summary>A layer over the last three tokens and their positions.</summary>
    private sealed class LastTokens : SequenceModel
    {
        private readonly Embedding tokens = nn.Embedding(20, 8);
        private readonly Embedding places = nn.Embedding(Context, 8);
        private readonly Linear mix = nn.Linear(3 * 8, 20);

        public LastTokens()
            : base("last-tokens", vocabularySize: 20, Context)
        {
        }

        public long LongestSeen { get; private set; }

        public override Tensor Logits(Tensor states) => states;

        protected override Tensor SequenceStates(Tensor ids)
        {
            LongestSeen = Math.Max(LongestSeen, ids.shape[1]);
            var x = tokens.forward(ids).Plus(places.forward(arange(ids.shape[1]))); // [batch, time, width]
            return mix.forward(nn.functional.pad(x, [0, 0, 2, 0]).unfold(1, 3, 1).flatten(2));
        }
    }
}
