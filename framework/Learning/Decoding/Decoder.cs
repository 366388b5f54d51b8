using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Contracts.Torch;

namespace Experiments.Learning.Decoding;

/// <summary>Continues prompts with a model, many at a time. When a row ends, the next prompt takes its place.</summary>
/// <param name="model">The model; its weights may change between calls.</param>
/// <param name="tokenizer">
/// Its tokenizer. Needed only for stop texts, for pauses after texts, and for text output.
/// </param>
/// <remarks>
/// Each row draws from its own random stream, so a completion depends only on its prompt and stream and not on the
/// other rows, apart from rounding in the last bits.
/// </remarks>
public sealed class Decoder(LanguageModel model, ITokenizer? tokenizer = null)
{
    /// <summary>Continues each prompt up to the stop token or the limit.</summary>
    /// <param name="prompts">
    /// Token ids, at least one per prompt. If the same array occurs several times, the model reads it once.
    /// </param>
    /// <param name="options">
    /// How tokens are chosen. A completion is also cut off at the end of the model's context.
    /// </param>
    /// <param name="stopToken">The token that ends a completion.</param>
    /// <param name="seed">Row r draws from the stream (seed, "sample", r).</param>
    /// <returns>One completion per prompt, in order.</returns>
    public IReadOnlyList<Completion> Complete(
        IReadOnlyList<int[]> prompts, SamplingOptions options, int stopToken, ulong seed) =>
        Complete(prompts, options, stopToken, row => new RandomStream(seed, "sample", row));

    /// <summary>Continues each prompt up to the stop token or the limit.</summary>
    /// <param name="prompts">
    /// Token ids, at least one per prompt. If the same array occurs several times, the model reads it once.
    /// </param>
    /// <param name="options">
    /// How tokens are chosen. A completion is also cut off at the end of the model's context.
    /// </param>
    /// <param name="stopToken">The token that ends a completion.</param>
    /// <param name="stream">Gives the random stream of a row.</param>
    /// <returns>One completion per prompt, in order.</returns>
    /// <exception cref="InvalidDataException">A prompt is empty or fills the model's context.</exception>
    public IReadOnlyList<Completion> Complete(
        IReadOnlyList<int[]> prompts, SamplingOptions options, int stopToken, Func<int, RandomStream> stream) =>
        Complete(prompts, new DecodingRules { Sampling = options, StopTokens = [stopToken] }, stream);

    /// <summary>Continues each prompt until something ends it.</summary>
    /// <param name="prompts">
    /// Token ids, at least one per prompt. If the same array occurs several times, the model reads it once.
    /// </param>
    /// <param name="rules">How tokens are chosen, what ends a completion and what interrupts it.</param>
    /// <param name="stream">Gives the random stream of a row.</param>
    /// <returns>One completion per prompt, in order.</returns>
    /// <exception cref="InvalidDataException">A prompt is empty or fills the model's context.</exception>
    public IReadOnlyList<Completion> Complete(
        IReadOnlyList<int[]> prompts, DecodingRules rules, Func<int, RandomStream> stream)
    {
        DecodingRow[] rows = [.. prompts.Select((prompt, index) => Row(index, prompt, rules, stream(index)))];
        using var batch = new DecodingBatch(model, rules.Sampling, rows);
        while (batch.Advance())
        {
            // The rows collect their tokens.
        }

        return [.. rows.Select(Finish)];
    }

    /// <summary>Continues one prompt and yields each token. The stop token is not yielded.</summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="options">How tokens are chosen.</param>
    /// <param name="stopToken">The token that ends the completion.</param>
    /// <param name="seed">
    /// As in <see cref="Complete(IReadOnlyList{int[]}, SamplingOptions, int, ulong)"/>, row 0.
    /// </param>
    public IEnumerable<int> Stream(int[] prompt, SamplingOptions options, int stopToken, ulong seed)
    {
        var row = Row(
            0, prompt, new() { Sampling = options, StopTokens = [stopToken] }, new RandomStream(seed, "sample", 0));
        return Tokens();

        IEnumerable<int> Tokens()
        {
            using var batch = new DecodingBatch(model, options, [row]);
            while (batch.Advance())
            {
                if (row.Tokens[^1] != stopToken)
                {
                    yield return row.Tokens[^1];
                }
            }
        }
    }

    /// <summary>
    /// Continues one prompt and yields its text, in pieces that never split a character. The text ends before a stop
    /// text.
    /// </summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="rules">How tokens are chosen and what ends the text.</param>
    /// <param name="seed">
    /// As in <see cref="Complete(IReadOnlyList{int[]}, SamplingOptions, int, ulong)"/>, row 0.
    /// </param>
    /// <param name="cancellationToken">Stops the text.</param>
    /// <returns>Pieces of at least one character.</returns>
    /// <exception cref="OperationCanceledException">The text was cancelled.</exception>
    public IEnumerable<string> StreamText(
        int[] prompt, DecodingRules rules, ulong seed, CancellationToken cancellationToken = default)
    {
        _ = Required();
        var row = Row(0, prompt, rules, new RandomStream(seed, "sample", 0));
        return Pieces();

        IEnumerable<string> Pieces()
        {
            using var batch = new DecodingBatch(model, rules.Sampling, [row]);
            while (batch.Advance())
            {
                if (row.Text.Show(isLast: false) is { Length: > 0 } piece)
                {
                    yield return piece;
                }

                cancellationToken.ThrowIfCancellationRequested();
            }

            row.Text.End();
            if (row.Text.Show(isLast: true) is { Length: > 0 } rest)
            {
                yield return rest;
            }
        }
    }

    private static Completion Finish(DecodingRow row)
    {
        row.Text.End();
        return row.Finish();
    }

    private DecodingRow Row(int index, int[] prompt, DecodingRules rules, RandomStream random)
    {
        var room = model.ContextLength - prompt.Length;
        if (prompt.Length == 0 || room <= 0)
        {
            throw new InvalidDataException(
                $"A prompt has {prompt.Length} tokens; it needs at least 1, and fewer than the model's context of "
                + $"{model.ContextLength}.");
        }

        var needsText = rules.Sampling.Stop.Count > 0 || rules.Pause?.Texts.Count > 0;
        return new(
            index, prompt, Math.Min(rules.Sampling.MaximumTokens, room), rules, needsText ? Required() : tokenizer,
            random);
    }

    private ITokenizer Required() =>
        tokenizer ?? throw new InvalidOperationException(
            "Stop texts, pauses after texts and streams of text need a decoder with the model's tokenizer.");
}
