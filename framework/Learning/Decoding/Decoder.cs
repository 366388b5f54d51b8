using Experiments.Contracts;
using Experiments.Contracts.Torch;

namespace Experiments.Learning;

/// <summary>Continues prompts with a model, many at once.</summary>
/// <param name="model">The model; its weights may change between calls.</param>
/// <remarks>
/// Each row draws from a stream of its own, so a completion depends on its prompt and its stream and not on the rows beside it, as far as the last bits of sums allow.
/// </remarks>
public sealed class Decoder(LanguageModel model)
{
    private const int RowsAtOnce = 256;

    /// <summary>Continues each prompt up to the stop token or the limit.</summary>
    /// <param name="prompts">Token ids, at least one each. One array that occurs several times is read by the model once.</param>
    /// <param name="options">How tokens are chosen. A completion is also cut off where the model's context ends.</param>
    /// <param name="stopToken">The token that ends a completion.</param>
    /// <param name="seed">Row r draws from the stream (seed, "sample", r).</param>
    /// <returns>A completion a prompt, in their order.</returns>
    public IReadOnlyList<Completion> Complete(IReadOnlyList<int[]> prompts, SamplingOptions options, int stopToken, ulong seed) =>
        Complete(prompts, options, stopToken, row => new RandomStream(seed, "sample", row));

    /// <summary>Continues each prompt up to the stop token or the limit.</summary>
    /// <param name="prompts">Token ids, at least one each. One array that occurs several times is read by the model once.</param>
    /// <param name="options">How tokens are chosen. A completion is also cut off where the model's context ends.</param>
    /// <param name="stopToken">The token that ends a completion.</param>
    /// <param name="stream">The stream of a row.</param>
    /// <returns>A completion a prompt, in their order.</returns>
    /// <exception cref="InvalidDataException">A prompt is empty or fills the model's context.</exception>
    public IReadOnlyList<Completion> Complete(IReadOnlyList<int[]> prompts, SamplingOptions options, int stopToken, Func<int, RandomStream> stream)
    {
        var rows = prompts.Select((prompt, index) => new Row(prompt, Limit(prompt, options), stream(index))).ToList();
        foreach (var batch in rows.OrderBy(row => row.Prompt.Length).Chunk(RowsAtOnce))
        {
            foreach (var _ in Decode(batch, options, stopToken))
            {
                // The rows collect their tokens.
            }
        }

        return [.. rows.Select(row => row.Finish(stopToken))];
    }

    /// <summary>Continues one prompt, token by token; the stop token is not among them.</summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="stopToken">The token that ends the completion.</param>
    /// <param name="seed">As in <see cref="Complete(IReadOnlyList{int[]}, SamplingOptions, int, ulong)"/>, row 0.</param>
    public IEnumerable<int> Stream(int[] prompt, SamplingOptions options, int stopToken, ulong seed)
    {
        var row = new Row(prompt, Limit(prompt, options), new RandomStream(seed, "sample", 0));
        return Decode([row], options, stopToken).Select(_ => row.Tokens[^1]).TakeWhile(token => token != stopToken);
    }

    /// <summary>Decodes a batch; yields after each token of every live row.</summary>
    private IEnumerable<int> Decode(Row[] rows, SamplingOptions options, int stopToken)
    {
        using var session = model.StartDecoding();
        var sampler = new Sampler(options, model.TokenCount);
        Begin(rows, session, sampler);
        yield return rows.Length;
        while (Drop(rows, session, stopToken) is { Length: > 0 } live)
        {
            rows = live;
            Draw(rows, sampler, session.Read([.. rows.Select(row => new SequenceTokens(row.Sequence, row.LastToken))]));
            yield return rows.Length;
        }
    }

    /// <summary>Lets the session read the prompts, each distinct one once, and draws the first tokens.</summary>
    private void Begin(Row[] rows, IDecodingSession session, Sampler sampler)
    {
        var groups = rows.GroupBy(row => row.Prompt, (IEqualityComparer<int[]>)ReferenceEqualityComparer.Instance).ToList();
        foreach (var group in groups)
        {
            group.First().Sequence = session.Begin();
        }

        var logits = session.Read([.. groups.Select(group => new SequenceTokens(group.First().Sequence, group.Key))]);
        for (var i = 0; i < groups.Count; i++)
        {
            foreach (var row in groups[i])
            {
                row.Draw(sampler, logits.Slice(i * model.VocabularySize, model.TokenCount));
            }
        }

        foreach (var group in groups)
        {
            foreach (var row in group.Skip(1))
            {
                row.Sequence = session.Fork(group.First().Sequence);
            }
        }
    }

    private static Row[] Drop(Row[] rows, IDecodingSession session, int stopToken)
    {
        foreach (var row in rows.Where(row => row.IsDone(stopToken)))
        {
            session.End(row.Sequence);
        }

        return [.. rows.Where(row => !row.IsDone(stopToken))];
    }

    private void Draw(Row[] rows, Sampler sampler, ReadOnlySpan<float> logits)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Draw(sampler, logits.Slice(i * model.VocabularySize, model.TokenCount));
        }
    }

    private int Limit(int[] prompt, SamplingOptions options)
    {
        var room = model.ContextLength - prompt.Length;
        return prompt.Length > 0 && room > 0
            ? Math.Min(options.MaximumTokens, room)
            : throw new InvalidDataException($"A prompt of {prompt.Length} tokens; the model's context is {model.ContextLength}.");
    }

    private sealed class Row(int[] prompt, int limit, RandomStream random)
    {
        private readonly List<float> _logProbabilities = [];
        private RandomStream _random = random;

        public int[] Prompt { get; } = prompt;

        public int Sequence { get; set; }

        public int[] LastToken => [Tokens[^1]];

        public List<int> Tokens { get; } = [];

        public void Draw(Sampler sampler, ReadOnlySpan<float> logits)
        {
            var (token, logProbability) = sampler.Draw(logits, ref _random);
            Tokens.Add(token);
            _logProbabilities.Add(logProbability);
        }

        public bool IsDone(int stopToken) => Tokens[^1] == stopToken || Tokens.Count == limit;

        public Completion Finish(int stopToken) => new([.. Tokens], [.. _logProbabilities], Tokens[^1] == stopToken);
    }
}
