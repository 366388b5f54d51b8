using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Learning.Decoding;

/// <summary>One completion in progress.</summary>
internal sealed class DecodingRow
{
    private readonly int _index;
    private readonly DecodingRules _rules;
    private readonly ITokenizer? _tokenizer;
    private readonly int _limit;
    private readonly HashSet<int> _seen;
    private readonly List<float> _logProbabilities = [];
    private readonly List<float> _modelLogProbabilities = [];
    private readonly List<bool> _isSampled = [];
    private readonly List<IReadOnlyList<TokenLikelihood>> _alternatives = [];
    private RandomStream _random;
    private bool _isStopped;

    public DecodingRow(
        int index, int[] prompt, int limit, DecodingRules rules, ITokenizer? tokenizer, RandomStream random)
    {
        (_index, Prompt, _limit, _rules, _tokenizer, _random) = (index, prompt, limit, rules, tokenizer, random);
        _seen = rules.Sampling.RepetitionPenalty is null ? [] : [.. prompt];
        Text = new(rules.Sampling.Stop, rules.Pause?.Texts ?? []);
    }

    public int[] Prompt { get; }

    public int Sequence { get; set; }

    public List<int> Tokens { get; } = [];

    public CompletionText Text { get; }

    /// <summary>Tokens that the model has not read yet.</summary>
    public int[] Unread { get; private set; } = [];

    public bool IsDone { get; private set; }

    /// <summary>Draws a token, and lets a tool answer if the completion pauses.</summary>
    public void Draw(Sampler sampler, ReadOnlySpan<float> logits)
    {
        var drawn = sampler.Draw(logits, _seen, ref _random);
        Add(drawn.Token, isSampled: true, drawn.LogProbability, drawn.ModelLogProbability, drawn.Alternatives);
        Unread = [drawn.Token];
        _isStopped = _rules.StopTokens.Contains(drawn.Token);
        var pausedBehind = _isStopped || _tokenizer is null ? null : Text.Add(_tokenizer.Bytes(drawn.Token));
        _isStopped |= Text.Stop is not null;
        IsDone = _isStopped || Tokens.Count >= _limit;
        if (!IsDone && _rules.Pause is { } pause && (pausedBehind is not null || pause.Tokens.Contains(drawn.Token)))
        {
            Inject(pause.Answer(_index, Finish()));
        }
    }

    public Completion Finish() => new([.. Tokens], [.. _logProbabilities], _isStopped)
    {
        ModelLogProbabilities = [.. _modelLogProbabilities],
        IsSampled = [.. _isSampled],
        Alternatives = _rules.Sampling.Alternatives is null ? [] : [.. _alternatives],
        StopText = Text.Stop,
        Text = _tokenizer is null ? null : Text.ToString(),
    };

    private void Inject(int[]? tokens)
    {
        foreach (var token in tokens ?? [])
        {
            if (Tokens.Count < _limit)
            {
                Add(token, isSampled: false, 0, 0, []);
                if (_tokenizer is not null)
                {
                    Text.Inject(_tokenizer.Bytes(token));
                }
            }
        }

        Unread = [.. Unread, .. tokens ?? []];
        IsDone = tokens is null || Tokens.Count >= _limit;
    }

    private void Add(
        int token, bool isSampled, float logProbability, float modelLogProbability,
        IReadOnlyList<TokenLikelihood> alternatives)
    {
        Tokens.Add(token);
        _isSampled.Add(isSampled);
        _logProbabilities.Add(logProbability);
        _modelLogProbabilities.Add(modelLogProbability);
        _alternatives.Add(alternatives);
        if (_rules.Sampling.RepetitionPenalty is not null)
        {
            _seen.Add(token);
        }
    }
}
