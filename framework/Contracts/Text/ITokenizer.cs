namespace Experiments.Contracts.Text;

/// <summary>Turns text into token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Ids run from 0 to this, exclusive; special tokens included.</summary>
    int VocabularySize { get; }

    /// <summary>Special tokens by their text: <c>&lt;|endoftext|&gt;</c>, <c>&lt;|im_start|&gt;</c> ...</summary>
    IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>How a conversation becomes text. Default: ChatML.</summary>
    /// <exception cref="InvalidDataException">The tokenizer brought a chat template along that cannot be followed; the message names file and place.</exception>
    IChatFormat Chat => ChatMl.Format;

    /// <summary>Encodes plain text. What looks like a special token in it is text: content can never forge one.</summary>
    /// <remarks>A lone surrogate, which has no UTF-8 form, is encoded as U+FFFD.</remarks>
    int[] Encode(string text);

    /// <summary>Encodes bytes, which should be UTF-8 and need not be: a byte that is no part of a character is a symbol of its own, so all bytes come back.</summary>
    int[] Encode(ReadOnlySpan<byte> utf8);

    /// <summary>Encodes text in which special tokens may be written out.</summary>
    /// <exception cref="InvalidDataException">The text holds a special token that the rules forbid; the message names it and its place.</exception>
    int[] Encode(string text, SpecialTokenRules rules) => Encode(System.Text.Encoding.UTF8.GetBytes(text), rules);

    /// <inheritdoc cref="Encode(string, SpecialTokenRules)"/>
    int[] Encode(ReadOnlySpan<byte> utf8, SpecialTokenRules rules) => rules.Encode(this, utf8);

    /// <summary>The bytes of one token; a special token gives none.</summary>
    ReadOnlySpan<byte> Bytes(int id);

    /// <summary>Decodes; special tokens vanish, broken UTF-8 becomes U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> ids);
}

/// <summary>Opens tokenizers of one form.</summary>
[PluginKind("tokenizer-format")]
public interface ITokenizerFormat
{
    /// <summary>Whether the source is of this form.</summary>
    /// <param name="source">A folder, such as a Tokenizer or Checkpoint artifact, a file, or the name of a published tokenizer.</param>
    bool CanOpen(string source);

    /// <summary>Opens it.</summary>
    /// <param name="source">The same.</param>
    /// <param name="plugins">Read the chat template that came with the tokenizer, when it is first asked for.</param>
    /// <exception cref="InvalidDataException">The files contradict themselves; the message names file and place.</exception>
    ITokenizer Open(string source, IPluginSource plugins);

    /// <summary>What it opens, in a few words: <c>tokenizer.json</c>, <c>cl100k_base, o200k_base</c>.</summary>
    string Opens { get; }
}

/// <summary>A form that can be written too.</summary>
public interface IWritableTokenizerFormat : ITokenizerFormat
{
    /// <summary>Whether a target of this name is of this form: a file ending, or a folder.</summary>
    bool CanWrite(string target);

    /// <summary>Writes a tokenizer, in the place of what was there.</summary>
    /// <exception cref="InvalidDataException">The form cannot hold this tokenizer; the message says why.</exception>
    void Write(ITokenizer tokenizer, string target);
}

/// <summary>A tokenizer that can tell how it came to its tokens.</summary>
public interface ITracedTokenizer : ITokenizer
{
    /// <summary>Cuts text into pieces and merges each, step by step. What looks like a special token is text.</summary>
    IReadOnlyList<TracedPiece> Trace(string text);
}

/// <summary>A piece of text, which no token crosses, and how it was merged.</summary>
/// <param name="Bytes">The piece.</param>
/// <param name="Parts">The tokens of its bytes, before any merge.</param>
/// <param name="Merges">The merges, in order; none when the piece is a token that no merges lead to.</param>
/// <param name="Ids">What it came to.</param>
public sealed record TracedPiece(byte[] Bytes, IReadOnlyList<int> Parts, IReadOnlyList<TracedMerge> Merges, IReadOnlyList<int> Ids);

/// <summary>One merge of a piece.</summary>
/// <param name="Position">Where the left of the two stood among the parts before.</param>
/// <param name="Rank">The merge's rank: how early it was learned. The lowest goes first, of equal ones the leftmost.</param>
/// <param name="Token">What the two became.</param>
public sealed record TracedMerge(int Position, int Rank, int Token);

/// <summary>Names and lookups that all tokenizers share.</summary>
public static class Tokenizers
{
    /// <summary>Stands before every document, and ends a base model's text.</summary>
    public const string EndOfText = "<|endoftext|>";

    /// <summary>Begins a chat message (ChatML).</summary>
    public const string MessageStart = "<|im_start|>";

    /// <summary>Ends a chat message (ChatML); the model's sign to stop.</summary>
    public const string MessageEnd = "<|im_end|>";

    /// <summary>Opens a tokenizer: a folder such as a Tokenizer or Checkpoint artifact, a file, or a published one by its name.</summary>
    /// <exception cref="InvalidDataException">No plugin knows the form.</exception>
    public static ITokenizer OpenTokenizer(this IPluginSource plugins, string source)
    {
        var formats = plugins.All<ITokenizerFormat>();
        return formats.FirstOrDefault(format => format.CanOpen(source))?.Open(source, plugins)
            ?? throw new InvalidDataException($"{source}: no tokenizer here that a plugin can open. Known: {string.Join("; ", formats.Select(format => format.Opens))}");
    }

    /// <summary>The id of a special token.</summary>
    /// <exception cref="InvalidDataException">The tokenizer has no such token.</exception>
    public static int Special(this ITokenizer tokenizer, string token) =>
        tokenizer.SpecialTokens.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException($"The tokenizer has no special token {token}. It has: {string.Join(' ', tokenizer.SpecialTokens.Keys)}");

    /// <summary>Encodes texts on several threads.</summary>
    /// <returns>The ids of each text, in order.</returns>
    public static int[][] EncodeBatch(this ITokenizer tokenizer, IReadOnlyList<string> texts, int threads, CancellationToken cancellationToken)
    {
        var encoded = new int[texts.Count][];
        Parallel.For(0, texts.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, index => encoded[index] = tokenizer.Encode(texts[index]));
        return encoded;
    }
}
