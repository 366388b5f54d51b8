using Experiments.Contracts.Torch;

namespace Experiments.Learning.Decoding;

/// <summary>Checks what a session is asked to read, before it computes.</summary>
internal static class DecodingInput
{
    /// <summary>Throws if a part cannot be read.</summary>
    /// <exception cref="InvalidDataException">
    /// A sequence would exceed the context, a token is not in the vocabulary, a part is empty, or a sequence occurs
    /// twice.
    /// </exception>
    public static void Check(IReadOnlyList<SequenceTokens> parts, TransformerWeights weights, Func<int, int> length)
    {
        var vocabulary = (int)weights.Embedding.shape[0];
        var seen = new HashSet<int>();
        foreach (var part in parts)
        {
            var longer = length(part.Sequence) + part.Tokens.Length;
            if (longer > weights.Context)
            {
                throw new InvalidDataException(
                    $"A sequence has {longer} tokens; the model's context is {weights.Context}.");
            }

            if (part.Tokens.IsEmpty || !seen.Add(part.Sequence))
            {
                throw new InvalidDataException(
                    $"Sequence {part.Sequence} is to read {(part.Tokens.IsEmpty ? "nothing" : "twice in one pass")}.");
            }

            foreach (var id in part.Tokens.Span)
            {
                if ((uint)id >= (uint)vocabulary)
                {
                    throw new InvalidDataException($"Token {id} is not in the model's vocabulary of {vocabulary}.");
                }
            }
        }
    }
}
