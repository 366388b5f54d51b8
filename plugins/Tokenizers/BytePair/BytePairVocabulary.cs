using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>All that determines a byte-level BPE tokenizer (Sennrich et al. 2016 on bytes, as in GPT-2).</summary>
public sealed record BytePairVocabulary
{
    /// <summary>The bytes of each token by id; empty for special tokens and for ids that stand for nothing.</summary>
    public required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>The merges, lowest rank first.</summary>
    public required IReadOnlyList<Merge> Merges { get; init; }

    /// <summary>The tokens that stand outside the merges and are found in the text itself, special ones and others.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>How text is cut before the merges.</summary>
    public required PieceSplitter Splitter { get; init; }

    /// <summary>
    /// The ids for a byte that is no token, by byte; empty where there are none, and the byte vanishes. Hugging Face's <c>byte_fallback</c>: the tokens
    /// <c>&lt;0xNN&gt;</c> of the byte's letter.
    /// </summary>
    public IReadOnlyDictionary<byte, IReadOnlyList<int>> ByteFallback { get; init; } = new Dictionary<byte, IReadOnlyList<int>>();

    /// <summary>Whether text is brought into Unicode's normalization form C first (Qwen); it is that form then that comes back.</summary>
    public bool ComposesCharacters { get; init; }

    /// <summary>Whether a piece that is a token is taken whole, be it out of the merges' reach (tiktoken; <c>ignore_merges</c> of Hugging Face).</summary>
    public bool WholePiecesFirst { get; init; }
}

/// <summary>A token that is found in the text before it is cut: control tokens, and words that a tokenizer was given later.</summary>
/// <param name="Text">What is looked for.</param>
/// <param name="Id">Its id.</param>
public sealed record AddedToken(string Text, int Id)
{
    /// <summary>Whether it is a control token: its text in a plain text is text, and it has no bytes. One that is not special is found in all text.</summary>
    public bool IsSpecial { get; init; } = true;

    /// <summary>Whether it takes the white space before it along.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it takes the white space behind it along.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is found only where no word goes on before or behind it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Whether it is looked for after the others, in what they left (Hugging Face's <c>normalized</c>).</summary>
    public bool IsLookedForLast { get; init; }
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
