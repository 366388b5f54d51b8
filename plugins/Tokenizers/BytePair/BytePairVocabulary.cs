using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Everything that determines a byte-level BPE tokenizer (Sennrich et al. 2016 on bytes, as in GPT-2).
/// </summary>
public sealed record BytePairVocabulary
{
    /// <summary>The bytes of each token by id; empty for special tokens and for unused ids.</summary>
    public required IReadOnlyList<byte[]> Tokens { get; init; }

    /// <summary>The merges, lowest rank first.</summary>
    public required IReadOnlyList<Merge> Merges { get; init; }

    /// <summary>
    /// The tokens that no merges produce and that are found in the text itself, special ones and others.
    /// </summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>How text is split into pieces before merging.</summary>
    public required PieceSplitter Splitter { get; init; }

    /// <summary>
    /// The ids that replace a byte without a token, by byte. A byte without a token and without such ids is dropped.
    /// With Hugging Face's <c>byte_fallback</c> they are the tokens <c>&lt;0xNN&gt;</c> of the UTF-8 bytes of the
    /// byte's letter.
    /// </summary>
    public IReadOnlyDictionary<byte, IReadOnlyList<int>> ByteFallback { get; init; } = new Dictionary<byte, IReadOnlyList<int>>();

    /// <summary>
    /// Whether text is first converted to Unicode's normalization form C (Qwen). Decoding then gives this form.
    /// </summary>
    public bool ComposesCharacters { get; init; }

    /// <summary>
    /// Whether a piece that is a token becomes that token even if the merges do not produce it (tiktoken;
    /// <c>ignore_merges</c> of Hugging Face).
    /// </summary>
    public bool WholePiecesFirst { get; init; }
}

/// <summary>
/// A token that is found in the text before the text is split: a control token, or a word that was added to a tokenizer
/// later.
/// </summary>
/// <param name="Text">Text of the token.</param>
/// <param name="Id">Id of the token.</param>
public sealed record AddedToken(string Text, int Id)
{
    /// <summary>
    /// Whether it is a control token. A control token has no bytes, and its text within plain text is encoded as text.
    /// Other added tokens are found in all text.
    /// </summary>
    public bool IsSpecial { get; init; } = true;

    /// <summary>Whether it strips the white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Whether it strips the white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Whether it is found only if no word character is directly before or after it.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>
    /// Whether it is searched for in a second pass, in the text between the tokens of the first (Hugging Face's
    /// <c>normalized</c>).
    /// </summary>
    public bool IsLookedForLast { get; init; }
}

/// <summary>One merge.</summary>
/// <param name="Pair">The neighbouring tokens that are merged.</param>
/// <param name="Token">Id of the token that they become.</param>
/// <param name="Rank">Rank of the merge: the lowest is applied first, and of equal ranks the leftmost.</param>
public readonly record struct Merge(TokenPair Pair, int Token, int Rank);

/// <summary>Two neighbouring tokens.</summary>
/// <param name="Left">The left id.</param>
/// <param name="Right">The right id.</param>
public readonly record struct TokenPair(int Left, int Right)
{
    /// <inheritdoc/>
    public override int GetHashCode() => (int)(((((ulong)(uint)Left << 32) | (uint)Right) * 0x9E3779B97F4A7C15) >> 32);
}
