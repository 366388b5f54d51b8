using Experiments.Contracts;
using Experiments.Contracts.Reports;
using Experiments.Contracts.Text;
using Experiments.Learning;
using Experiments.Learning.Decoding;

namespace Experiments.Plugins.Evaluation;

/// <summary>One answer to a problem.</summary>
internal sealed record Answer(string Set, Problem Problem, int ProblemIndex, string Text, bool Stopped, int Tokens, double Score);

/// <summary>A model that answers problems and prompts.</summary>
internal sealed class Examinee(TrainedModel trained, EvaluateOptions options, ulong seed)
{
    /// <summary>Number of problems that are answered in one batch.</summary>
    public const int ProblemsAtOnce = 64;

    private readonly Decoder _decoder = new(trained.Model);
    private readonly ITokenizer _tokenizer = trained.Tokenizer;
    private readonly ChatTemplate? _template = options.Chat ? new ChatTemplate(trained.Tokenizer) : null;
    private readonly IReward _reward = options.Reward.Create();
    private readonly SamplingOptions _sampling = new() { Temperature = options.Temperature, MaximumTokens = options.MaximumTokens };

    private int EndOfText => _tokenizer.Special(Tokenizers.EndOfText);

    /// <summary>
    /// Answers problems of a set, each as many times as the options say. Each answer has a random stream of its own.
    /// </summary>
    public IReadOnlyList<Answer> Solve(string set, IReadOnlyList<(int Index, Problem Problem)> problems)
    {
        int[][] prompts = [.. problems.Select(pair => Prompt(pair.Problem.Prompt)).SelectMany(prompt => Enumerable.Repeat(prompt, options.SamplesPerProblem))];
        var completions = _decoder.Complete(
            prompts, _sampling, _template?.EndOfTurn ?? EndOfText,
            row => new RandomStream(seed, "evaluate/" + set, problems[row / options.SamplesPerProblem].Index, row % options.SamplesPerProblem));
        return [.. completions.Select((completion, row) =>
        {
            var (index, problem) = problems[row / options.SamplesPerProblem];
            var text = _tokenizer.Decode(completion.Content);
            return new Answer(set, problem, index, text, completion.Stopped, completion.Tokens.Length, _reward.Score(problem, text, completion.Stopped));
        })];
    }

    /// <summary>Answers prompts.</summary>
    public IReadOnlyList<SampledText> Answer(IReadOnlyList<string> prompts) => Complete(prompts, Prompt, _template?.EndOfTurn ?? EndOfText, "dialogue");

    /// <summary>Continues plain texts.</summary>
    public IReadOnlyList<SampledText> Continue(IReadOnlyList<string> texts) => Complete(texts, Plain, EndOfText, "continuation");

    private IReadOnlyList<SampledText> Complete(IReadOnlyList<string> prompts, Func<string, int[]> encode, int stopToken, string purpose) =>
        [.. _decoder.Complete([.. prompts.Select(encode)], _sampling with { MaximumTokens = options.DialogueTokens }, stopToken, row => new RandomStream(seed, purpose, row))
            .Zip(prompts, (completion, prompt) => new SampledText(prompt, _tokenizer.Decode(completion.Content), completion.Stopped, completion.Tokens.Length))];

    private int[] Prompt(string text) => _template?.RenderPrompt([new(Message.User, text)]) ?? Plain(text + "\n");

    private int[] Plain(string text) => [EndOfText, .. _tokenizer.Encode(text)];
}
