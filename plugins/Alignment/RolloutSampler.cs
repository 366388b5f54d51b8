using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Learning;
using Experiments.Learning.Decoding;
using Experiments.Learning.Training;

namespace Experiments.Plugins.Alignment;

/// <summary>
/// Samples and scores the answers of a step. The result depends only on the weights, the options, the seed and the
/// step.
/// </summary>
internal sealed class RolloutSampler
{
    private readonly GrpoOptions _options;
    private readonly ulong _seed;
    private readonly ITokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly Decoder _decoder;
    private readonly IReward _reward;
    private readonly IReadOnlyList<Problem> _problems;
    private readonly EpochOrder _order;

    public RolloutSampler(TrainedModel trained, GrpoOptions options, IReadOnlyList<Problem> problems, ulong seed)
    {
        (_options, _seed, _problems) = (options, seed, problems);
        _tokenizer = trained.Tokenizer;
        _template = new ChatTemplate(_tokenizer);
        _decoder = new Decoder(trained.Model);
        _reward = options.Reward.Create();
        _order = problems.Count > 0 ? new EpochOrder(seed, problems.Count) : throw new InvalidDataException("There are no problems to learn from.");
    }

    /// <summary>
    /// One group of rollouts per prompt, with their advantages. In a group with equal rewards all advantages are 0.
    /// </summary>
    public IReadOnlyList<Rollout[]> Sample(long step)
    {
        Problem[] problems = [.. Enumerable.Range(0, _options.PromptsPerStep).Select(i => _problems[_order[(step * _options.PromptsPerStep) + i]])];
        int[][] prompts = [.. problems.Select(problem => _template.RenderPrompt([new Message(Message.User, problem.Prompt)]))];
        int[][] rows = [.. prompts.SelectMany(prompt => Enumerable.Repeat(prompt, _options.RolloutsPerPrompt))];
        var sampling = new SamplingOptions { Temperature = _options.Temperature, MaximumTokens = _options.MaximumTokens };
        var completions = _decoder.Complete(rows, sampling, _template.EndOfTurn, row => new RandomStream(_seed, "rollout", step, row));
        return [.. completions
            .Select((completion, row) => Score(problems[row / _options.RolloutsPerPrompt], rows[row], completion))
            .Chunk(_options.RolloutsPerPrompt)
            .Select(WithAdvantages)];
    }

    private Rollout Score(Problem problem, int[] prompt, Completion completion) =>
        new(problem, prompt, completion, _reward.Score(problem, _tokenizer.Decode(completion.Content), completion.Stopped));

    private Rollout[] WithAdvantages(Rollout[] group) =>
        GroupAdvantage.Of([.. group.Select(rollout => rollout.Reward)], _options.Advantage) is { } advantages
            ? [.. group.Zip(advantages, (rollout, advantage) => rollout with { Advantage = advantage })]
            : group;
}
