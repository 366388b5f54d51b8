using System.Runtime.InteropServices;
using Experiments.Contracts;
using Experiments.Contracts.Torch;
using static TorchSharp.torch;

namespace Experiments.Learning;

/// <summary>Continues prompts with a model: batched, with a cache of keys and values.</summary>
/// <param name="model">The model; its weights may change between calls.</param>
/// <remarks>
/// Rows are padded on the left, and a row that has ended leaves the batch. Each row draws from a stream of its own, so a completion depends on
/// its prompt and its stream and not on the rows beside it, as far as the last bits of float32 sums allow.
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
        using var cache = model.CreateCache();
        var sampler = new Sampler(options, model.VocabularySize);
        var (logits, valid) = Read(rows, cache);
        while (true)
        {
            Draw(rows, sampler, logits);
            logits.Dispose();
            yield return rows.Length;

            int[] live = [.. Enumerable.Range(0, rows.Length).Where(i => !rows[i].IsDone(stopToken))];
            if (live.Length == 0)
            {
                valid?.Dispose();
                yield break;
            }

            (logits, valid) = Advance(rows, live, cache, valid);
            rows = [.. live.Select(i => rows[i])];
        }
    }

    /// <summary>Feeds the prompts, each distinct one once, and gives the logits behind them, [rows, vocabulary], with the mask of padding.</summary>
    private (Tensor Logits, Tensor? Valid) Read(Row[] rows, KeyValueCache cache)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        int[][] prompts = [.. rows.Select(row => row.Prompt).Distinct(ReferenceEqualityComparer.Instance).Cast<int[]>()];
        var longest = prompts.Max(prompt => prompt.Length);
        var ids = new long[prompts.Length * longest];
        var isValid = new bool[ids.Length];
        for (var i = 0; i < prompts.Length; i++)
        {
            var start = ((i + 1) * longest) - prompts[i].Length;
            for (var t = 0; t < prompts[i].Length; t++)
            {
                ids[start + t] = prompts[i][t];
                isValid[start + t] = true;
            }
        }

        var valid = prompts.All(prompt => prompt.Length == longest) ? null : tensor(isValid).view(prompts.Length, longest);
        var states = model.States(tensor(ids).view(prompts.Length, longest), cache, valid);
        var logits = model.Logits(states.select(1, longest - 1));
        if (prompts.Length < rows.Length)
        {
            var places = prompts.Index().ToDictionary(pair => pair.Item, pair => (long)pair.Index, (IEqualityComparer<int[]>)ReferenceEqualityComparer.Instance);
            var expand = tensor(rows.Select(row => places[row.Prompt]).ToArray());
            cache.Select(expand);
            (logits, valid) = (logits.index_select(0, expand), valid?.index_select(0, expand));
        }

        return (logits.MoveToOuterDisposeScope(), valid?.MoveToOuterDisposeScope());
    }

    /// <summary>Drops the rows that are done and feeds the others their last token.</summary>
    private (Tensor Logits, Tensor? Valid) Advance(Row[] rows, int[] live, KeyValueCache cache, Tensor? valid)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        var kept = valid;
        if (live.Length < rows.Length)
        {
            var selection = tensor(live.Select(i => (long)i).ToArray());
            cache.Select(selection);
            kept = valid?.index_select(0, selection);
        }

        var extended = kept is null ? null : cat([kept, ones(live.Length, 1, dtype: ScalarType.Bool)], 1);
        valid?.Dispose();
        var ids = tensor(live.Select(i => (long)rows[i].Tokens[^1]).ToArray()).view(live.Length, 1);
        var logits = model.Logits(model.States(ids, cache, extended).select(1, 0));
        return (logits.MoveToOuterDisposeScope(), extended?.MoveToOuterDisposeScope());
    }

    private void Draw(Row[] rows, Sampler sampler, Tensor logits)
    {
        using var whole = logits.contiguous();
        var values = MemoryMarshal.Cast<byte, float>(whole.bytes);
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i].Draw(sampler, values.Slice(i * model.VocabularySize, model.VocabularySize));
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
