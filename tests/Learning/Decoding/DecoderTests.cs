using System.Runtime.InteropServices;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Tests.Shared;
using Experiments.Plugins.Models;

using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Decoding;

public sealed class DecoderTests : IDisposable
{
    private static readonly int[] Short = [1, 2, 3];
    private static readonly int[] Long = [4, 5, 6, 7, 8, 9, 10];

    // A large standard deviation of the weights gives logits that differ by much more than rounding errors.
    private readonly LanguageModel _model = new GptArchitecture(TinyModels.Options with { InitialDeviation = 0.3 }).Build(20, seed: 3);

    [Fact]
    public void GreedyDecodingRepeatsTheArgMaxOfTheFullForward()
    {
        List<int> tokens = [.. Short];
        for (var i = 0; i < 10; i++)
        {
            tokens.Add(ArgMax([.. tokens]));
        }

        Complete([Short], temperature: 0)[0].Tokens.ShouldBe(tokens.Skip(Short.Length).Take(10));
    }

    [Fact]
    public void ACompletionDoesNotDependOnTheRowsBesideIt()
    {
        var alone = Complete([Short]);
        var together = Complete([Short, Long, Short, Long]);
        together[0].Tokens.ShouldBe(alone[0].Tokens);
        together[0].LogProbabilities.Zip(alone[0].LogProbabilities).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
        together[2].Tokens.ShouldNotBe(together[0].Tokens, "each row has a stream of its own");
    }

    [Fact]
    public void LogProbabilitiesAreThoseOfTheFullForward()
    {
        var completion = Complete([Long, Short])[1];
        using var _ = no_grad();
        int[] all = [.. Short, .. completion.Tokens];
        var logs = nn.functional.log_softmax(_model.Forward(tensor(all.Select(id => (long)id).ToArray()).unsqueeze(0)), -1)[0];
        foreach (var (i, token) in completion.Tokens.Index())
        {
            completion.LogProbabilities[i].ShouldBe(logs[Short.Length - 1 + i, token].item<float>(), 1e-4f);
        }
    }

    [Fact]
    public void ACompletionEndsWithTheStopTokenOrAtTheLimit()
    {
        var completions = Complete([.. Enumerable.Repeat(Short, 64)]);
        completions.ShouldContain(completion => completion.Stopped);
        completions.ShouldContain(completion => !completion.Stopped);
        foreach (var completion in completions)
        {
            (completion.Tokens[^1] == 0).ShouldBe(completion.Stopped);
            completion.Content.ToArray().ShouldNotContain(0);
            completion.Stopped.ShouldBe(completion.Tokens.Length < 10 || completion.Tokens[^1] == 0);
            completion.LogProbabilities.Length.ShouldBe(completion.Tokens.Length);
        }
    }

    [Fact]
    public void AStreamGivesTheTokensOfTheFirstRow()
    {
        var options = new SamplingOptions { MaximumTokens = 10 };
        var decoder = new Decoder(_model);
        decoder.Stream(Short, options, stopToken: 0, seed: 5).ShouldBe(decoder.Complete([Short], options, stopToken: 0, seed: 5)[0].Content.ToArray());
    }

    [Fact]
    public void APromptThatFillsTheContextIsRefused() =>
        Should.Throw<InvalidDataException>(() => Complete([new int[64]])).Message.ShouldContain("64");

    public void Dispose() => _model.Dispose();

    private IReadOnlyList<Completion> Complete(int[][] prompts, double temperature = 1) =>
        new Decoder(_model).Complete(prompts, new SamplingOptions { Temperature = temperature, MaximumTokens = 10 }, stopToken: temperature == 0 ? -1 : 0, seed: 5);

    private int ArgMax(int[] tokens)
    {
        using var _ = no_grad();
        var logits = _model.Forward(tensor(tokens.Select(id => (long)id).ToArray()).unsqueeze(0))[0, tokens.Length - 1];
        return MemoryMarshal.Cast<byte, float>(logits.bytes).IndexOf(logits.max().item<float>());
    }
}
