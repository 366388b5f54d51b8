using Experiments.Contracts.Torch;

namespace Experiments.Learning;

/// <summary>Looks at what a session is asked to read before it computes.</summary>
internal static class DecodingInput
{
    /// <summary>Refuses what does not fit.</summary>
    /// <exception cref="InvalidDataException">A sequence becomes longer than the context, a token is none of the vocabulary's, a part is empty or a sequence occurs twice.</exception>
    public static void Check(IReadOnlyList<SequenceTokens> parts, TransformerWeights weights, Func<int, int> length)
    {
        var vocabulary = (int)weights.Embedding.shape[0];
        var seen = new HashSet<int>();
        foreach (var part in parts)
        {
            var longer = length(part.Sequence) + part.Tokens.Length;
            if (longer > weights.Context)
            {
                throw new InvalidDataException($"A sequence of {longer} tokens; the model's context is {weights.Context}.");
            }

            if (part.Tokens.IsEmpty || !seen.Add(part.Sequence))
            {
                throw new InvalidDataException($"Sequence {part.Sequence} is to read {(part.Tokens.IsEmpty ? "nothing" : "twice in one pass")}.");
            }

            foreach (var id in part.Tokens.Span)
            {
                if ((uint)id >= (uint)vocabulary)
                {
                    throw new InvalidDataException($"Token {id} is none of the model's {vocabulary}.");
                }
            }
        }
    }
}
