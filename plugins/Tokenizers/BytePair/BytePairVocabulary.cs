using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>All that determines a byte-level BPE tokenizer (Sennrich et al. 2016 on bytes, as in GPT-2).</summary>
public sealed record BytePairVocabulary
{
    /// <summary>The bytes of each token by id; empty for special tokens and for ids that stand for nothing. A byte that is no token is lost in encoding.</summary>
    public required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>The merges, lowest rank first.</summary>
    public required IReadOnlyList<Merge> Merges { get; init; }

    /// <summary>Special tokens by their text.</summary>
    public required IReadOnlyDictionary<string, int> SpecialTokens { get; init; }

    /// <summary>How text is cut before the merges.</summary>
    public required PieceSplitter Splitter { get; init; }

    /// <summary>Whether a piece that is a token is taken whole, be it out of the merges' reach (tiktoken; <c>ignore_merges</c> of Hugging Face).</summary>
    public bool WholePiecesFirst { get; init; }
}

/// <summary>One merge.</summary>
/// <param name="Pair">The neighbours that become one.</param>
/// <param name="Token">What they become.</param>
/// <param name="Rank">The lowest goes first; of equal ranks, the leftmost.</param>
public readonly record struct Merge(TokenPair Pair, int Token, int Rank);

/// <summary>Two neighbouring tokens.</summary>
/// <param name="Left">The left id.</param>
/// <param name="Right">The right id.</param>
public readonly record struct TokenPair(int Left, int Right)
{
    /// <inheritdoc/>
    public override int GetHashCode() => (int)(((((ulong)(uint)Left << 32) | (uint)Right) * 0x9E3779B97F4A7C15) >> 32);
}
