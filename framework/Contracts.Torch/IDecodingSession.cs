namespace Experiments.Contracts.Torch;

/// <summary>
/// Sequences that a model continues. Each sequence remembers what it has read, so that one more token costs the work of
/// one token.
/// </summary>
/// <remarks>The model's weights must not change while a session is open. Not thread-safe.</remarks>
public interface IDecodingSession : IDisposable
{
    /// <summary>Creates an empty sequence.</summary>
    /// <returns>Its number.</returns>
    int Begin();

    /// <summary>
    /// Copies a sequence with everything that it has read; afterwards the two are independent. A prompt with many
    /// answers is thus read only once.
    /// </summary>
    /// <returns>The number of the new sequence.</returns>
    int Fork(int sequence);

    /// <summary>Deletes a sequence. Its number may be used again.</summary>
    void End(int sequence);

    /// <summary>Lets sequences read more tokens, all in one pass.</summary>
    /// <param name="parts">
    /// Different sequences, each with at least one token. The caller keeps each sequence within the model's context.
    /// </param>
    /// <returns>
    /// The logits after the last token of each part, row by row. Shape: [parts, vocabulary]. They are valid until the
    /// next call.
    /// </returns>
    ReadOnlySpan<float> Read(IReadOnlyList<SequenceTokens> parts);
}

/// <summary>Tokens for a sequence to read.</summary>
/// <param name="Sequence">The number of the sequence.</param>
/// <param name="Tokens">At least one token.</param>
public readonly record struct SequenceTokens(int Sequence, ReadOnlyMemory<int> Tokens);
