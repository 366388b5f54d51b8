namespace Experiments.Contracts.Torch;

/// <summary>Sequences that a model is continuing. Each remembers what it has read, so that a further token costs the work of one token.</summary>
/// <remarks>The model's weights must not change while a session is open. Not for several threads at once.</remarks>
public interface IDecodingSession : IDisposable
{
    /// <summary>Begins an empty sequence.</summary>
    /// <returns>Its number.</returns>
    int Begin();

    /// <summary>Begins a sequence that has read what another has; the two go on apart. A prompt with many answers is read once.</summary>
    /// <returns>The number of the new one.</returns>
    int Fork(int sequence);

    /// <summary>Forgets a sequence; its number may be given away again.</summary>
    void End(int sequence);

    /// <summary>Lets sequences read further tokens, all in one pass.</summary>
    /// <param name="parts">Sequences, none twice, each with at least one token. A sequence never grows longer than the model's context.</param>
    /// <returns>For each part the logits behind its last token, one row behind the other: parts · vocabulary. They are valid until the next call.</returns>
    ReadOnlySpan<float> Read(IReadOnlyList<SequenceTokens> parts);
}

/// <summary>Tokens that a sequence is to read.</summary>
/// <param name="Sequence">The number of the sequence.</param>
/// <param name="Tokens">At least one token.</param>
public readonly record struct SequenceTokens(int Sequence, ReadOnlyMemory<int> Tokens);
