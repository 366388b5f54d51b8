using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;
using Experiments.Learning.Decoding;
using Experiments.Learning.Tests.Shared;
using Experiments.Plugins.Models;

using static TorchSharp.torch;

namespace Experiments.Learning.Tests.Decoding;

public sealed class DecodingRulesTests : IDisposable
{
    private static readonly ByteTokenizer Bytes = new();
    private readonly LanguageModel _model = new GptArchitecture(TinyModels.Options with { InitialDeviation = 0.3, Context = 128 }).Build(Bytes.VocabularySize, seed: 3);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void AStopTextEndsACompletionInFrontOfItThoughItBeginsWithinAToken()
    {
        var free = Complete(new SamplingOptions { MaximumTokens = 40 })[0];
        var text = free.Text!;
        var stop = text[7..10];
        var stopped = Complete(new SamplingOptions { MaximumTokens = 40, Stop = ["never", stop] })[0];

        stopped.StopText.ShouldBe(stop);
        stopped.Stopped.ShouldBeTrue();
        stopped.Text.ShouldBe(text[..text.IndexOf(stop, StringComparison.Ordinal)]);
        stopped.Tokens.ShouldBe(free.Tokens.Take(stopped.Tokens.Length), "the tokens are kept as they were drawn");
        stopped.Content.Length.ShouldBe(stopped.Tokens.Length);
    }

    [Fact]
    public void AStreamShowsWhatTheCompletionSaysAndNothingOfTheStopText()
    {
        var sampling = new SamplingOptions { MaximumTokens = 40 };
        var text = Complete(sampling)[0].Text!;
        foreach (var stop in new[] { text[7..10], text[20..22], "not in it" })
        {
            var options = sampling with { Stop = [stop] };
            string.Concat(new Decoder(_model, Bytes).StreamText(Prompt, new() { Sampling = options }, seed: 5, TestContext.Current.CancellationToken)).ShouldBe(Complete(options)[0].Text);
        }
    }

    [Fact]
    public void SeveralTokensMayEndACompletion()
    {
        var free = Complete(new SamplingOptions { MaximumTokens = 40 })[0].Tokens;
        var stopped = Complete(new DecodingRules { Sampling = new() { MaximumTokens = 40 }, StopTokens = [free[9], free[4]] })[0];
        stopped.Tokens.ShouldBe(free.Take(stopped.Tokens.Length));
        stopped.Tokens.Length.ShouldBe(1 + Math.Min(Array.IndexOf(free, free[9]), Array.IndexOf(free, free[4])));
        stopped.Stopped.ShouldBeTrue();
    }

    [Fact]
    public void AToolsAnswerIsReadMarkedAndNotSampled()
    {
        var free = Complete(new SamplingOptions { MaximumTokens = 30, Temperature = 0 })[0];
        int[] answer = [11, 12, 13];
        List<string> seen = [];
        var rules = new DecodingRules
        {
            Sampling = new() { MaximumTokens = 30, Temperature = 0 },
            Pause = new()
            {
                Tokens = [free.Tokens[4]],
                Answer = (row, soFar) =>
                {
                    seen.Add($"{row}: {soFar.Tokens.Length}");
                    return seen.Count == 1 ? answer : [];
                },
            },
        };
        var completion = Complete(rules)[0];

        var paused = Array.IndexOf(free.Tokens, free.Tokens[4]) + 1;
        seen[0].ShouldBe($"0: {paused}");
        completion.Tokens[..(paused + 3)].ShouldBe([.. free.Tokens[..paused], .. answer]);
        completion.IsSampled.Take(paused + 4).ShouldBe([.. Enumerable.Repeat(true, paused), false, false, false, true]);
        completion.LogProbabilities[paused..(paused + 3)].ShouldBe([0, 0, 0]);

        // The completion must be what a model predicts that reads the whole sequence at once.
        int[] all = [.. Prompt, .. completion.Tokens];
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var logs = nn.functional.log_softmax(_model.Forward(tensor(all.Select(id => (long)id).ToArray()).unsqueeze(0)), -1)[0];
        for (var i = 0; i < completion.Tokens.Length; i++)
        {
            if (completion.IsSampled[i])
            {
                completion.ModelLogProbabilities[i].ShouldBe(logs[Prompt.Length - 1 + i, completion.Tokens[i]].item<float>(), 1e-4f);
                logs[Prompt.Length - 1 + i].argmax().item<long>().ShouldBe(completion.Tokens[i]);
            }
        }
    }

    [Fact]
    public void APauseBehindATextTellsTheTextAndMayEndTheCompletion()
    {
        var free = Complete(new SamplingOptions { MaximumTokens = 30 })[0];
        var call = free.Text![3..6];
        string? told = null;
        var completion = Complete(new DecodingRules
        {
            Sampling = new() { MaximumTokens = 30 },
            Pause = new()
            {
                Texts = [call],
                Answer = (_, soFar) =>
                {
                    told = soFar.Text;
                    return null;
                },
            },
        })[0];
        told.ShouldBe(free.Text[..(free.Text.IndexOf(call, StringComparison.Ordinal) + 3)]);
        completion.Text.ShouldBe(told);
        completion.Stopped.ShouldBeFalse();
    }

    [Fact]
    public void MoreRowsThanFindAPlaceAreAllContinuedAsAlone()
    {
        int[] other = [7, 8, 9, 10];
        int[][] prompts = [.. Enumerable.Range(0, 600).Select(row => row % 3 == 0 ? other : row % 3 == 1 ? Prompt : [1, row % 250])];
        var rules = new DecodingRules { Sampling = new() { MaximumTokens = 6 }, StopTokens = [.. Enumerable.Range(0, 60)] };
        var together = new Decoder(_model).Complete(prompts, rules, row => new RandomStream(5, "sample", row));
        foreach (var row in new[] { 0, 1, 2, 299, 300, 301, 598, 599 })
        {
            together[row].Tokens.ShouldBe(new Decoder(_model).Complete([prompts[row]], rules, _ => new RandomStream(5, "sample", row))[0].Tokens);
        }
    }

    [Fact]
    public void TextsNeedATokenizer() =>
        Should.Throw<InvalidOperationException>(() => new Decoder(_model).Complete([Prompt], new SamplingOptions { Stop = ["x"] }, -1, seed: 1)).Message.ShouldContain("tokenizer");

    private static int[] Prompt { get; } = Bytes.Encode("Once");

    private IReadOnlyList<Completion> Complete(SamplingOptions options) => Complete(new DecodingRules { Sampling = options });

    private IReadOnlyList<Completion> Complete(DecodingRules rules) => new Decoder(_model, Bytes).Complete([Prompt], rules, row => new RandomStream(5, "sample", row));
}
