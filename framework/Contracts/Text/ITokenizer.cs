namespace Experiments.Contracts.Text;

/// <summary>Turns text into token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Number of ids, special tokens included. Ids run from 0 to this, exclusive.</summary>
    int VocabularySize { get; }

    /// <summary>Special tokens by their text: <c>&lt;|endoftext|&gt;</c>, <c>&lt;|im_start|&gt;</c> ...</summary>
    IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>How a conversation becomes text. Default: ChatML.</summary>
    /// <exception cref="InvalidDataException">
    /// The tokenizer has a chat template that is not supported. The message names file and place.
    /// </exception>
    IChatFormat Chat => ChatMl.Format;

    /// <summary>
    /// Encodes plain text. A special token written in it is encoded as text, so content can never forge one.
    /// </summary>
    /// <remarks>A lone surrogate, which UTF-8 cannot represent, is encoded as U+FFFD.</remarks>
    int[] Encode(string text);

    /// <summary>
    /// Encodes bytes. They should be UTF-8, but need not be: a byte that is not part of a character is encoded by
    /// itself, so that decoding returns all bytes.
    /// </summary>
    int[] Encode(ReadOnlySpan<byte> utf8);

    /// <summary>Encodes text that may contain special tokens, treated by the given rules.</summary>
    /// <exception cref="InvalidDataException">
    /// The text contains a forbidden special token. The message names it and its place.
    /// </exception>
    int[] Encode(string text, SpecialTokenRules rules) => Encode(System.Text.Encoding.UTF8.GetBytes(text), rules);

    /// <inheritdoc cref="Encode(string, SpecialTokenRules)"/>
    int[] Encode(ReadOnlySpan<byte> utf8, SpecialTokenRules rules) => rules.Encode(this, utf8);

    /// <summary>The bytes of one token; empty for a special token.</summary>
    ReadOnlySpan<byte> Bytes(int id);

    /// <summary>Decodes tokens to text. Special tokens are left out; invalid UTF-8 becomes U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> ids);
}

/// <summary>Opens tokenizers of one format.</summary>
[PluginKind("tokenizer-format")]
public interface ITokenizerFormat
{
    /// <summary>Whether the source has this format.</summary>
    /// <param name="source">
    /// A folder, such as a Tokenizer or Checkpoint artifact, a file, or the name of a published tokenizer.
    /// </param>
    bool CanOpen(string source);

    /// <summary>Opens a tokenizer.</summary>
    /// <param name="source">A source that has this format.</param>
    /// <param name="plugins">Read the chat template that came with the tokenizer, when it is first asked for.</param>
    /// <exception cref="InvalidDataException">The files are inconsistent. The message names file and place.</exception>
    ITokenizer Open(string source, IPluginSource plugins);

    /// <summary>What it opens, in a few words: <c>tokenizer.json</c>, <c>cl100k_base, o200k_base</c>.</summary>
    string Opens { get; }
}

/// <summary>A format that can also be written.</summary>
public interface IWritableTokenizerFormat : ITokenizerFormat
{
    /// <summary>Whether a target with this name, a file or a folder, is written in this format.</summary>
    bool CanWrite(string target);

    /// <summary>Writes a tokenizer and replaces existing files.</summary>
    /// <exception cref="InvalidDataException">
    /// The format cannot represent this tokenizer. The message says why.
    /// </exception>
    void Write(ITokenizer tokenizer, string target);
}

/// <summary>A tokenizer that can show its merges.</summary>
public interface ITracedTokenizer : ITokenizer
{
    /// <summary>
    /// Splits text into pieces and merges each step by step. Special tokens in the text are treated as text.
    /// </summary>
    IReadOnlyList<TracedPiece> Trace(string text);
}

/// <summary>A piece of text and its merges. No token crosses the border of a piece.</summary>
/// <param name="Bytes">The piece.</param>
/// <param name="Parts">The tokens of its bytes, before any merge.</param>
/// <param name="Merges">The merges, in order; empty if the piece is a token that merges cannot produce.</param>
/// <param name="Ids">The resulting tokens.</param>
public sealed record TracedPiece(
    byte[] Bytes, IReadOnlyList<int> Parts, IReadOnlyList<TracedMerge> Merges, IReadOnlyList<int> Ids);

/// <summary>One merge of a piece.</summary>
/// <param name="Position">The index of the left part among the parts before the merge.</param>
/// <param name="Rank">
/// The rank of the merge, lower if learned earlier. The lowest rank is merged first; among equal ranks, the leftmost.
/// </param>
/// <param name="Token">The merged token.</param>
public sealed record TracedMerge(int Position, int Rank, int Token);

/// <summary>Names and methods that all tokenizers share.</summary>
public static class Tokenizers
{
    /// <summary>Precedes every document, and ends the text of a base model.</summary>
    public const string EndOfText = "<|endoftext|>";

    /// <summary>Begins a chat message (ChatML).</summary>
    public const string MessageStart = "<|im_start|>";

    /// <summary>Ends a chat message (ChatML); a model that writes it stops.</summary>
    public const string MessageEnd = "<|im_end|>";

    /// <summary>
    /// Opens a tokenizer: a folder such as a Tokenizer or Checkpoint artifact, a file, or the name of a published
    /// tokenizer.
    /// </summary>
    /// <exception cref="InvalidDataException">No plugin can open it.</exception>
    public static ITokenizer OpenTokenizer(this IPluginSource plugins, string source)
    {
        var formats = plugins.All<ITokenizerFormat>();
        return formats.FirstOrDefault(format => format.CanOpen(source))?.Open(source, plugins)
            ?? throw new InvalidDataException(
                $"{source}: not a tokenizer that a plugin can open. Known: "
                + string.Join("; ", formats.Select(format => format.Opens)));
    }

    /// <summary>The id of a special token.</summary>
    /// <exception cref="InvalidDataException">The tokenizer has no such token.</exception>
    public static int Special(this ITokenizer tokenizer, string token) =>
        tokenizer.SpecialTokens.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException(
                $"The tokenizer has no special token {token}. It has: {string.Join(' ', tokenizer.SpecialTokens.Keys)}");

    /// <summary>Encodes texts on several threads.</summary>
    /// <returns>The ids of each text, in order.</returns>
    public static int[][] EncodeBatch(
        this ITokenizer tokenizer, IReadOnlyList<string> texts, int threads, CancellationToken cancellationToken)
    {
        var encoded = new int[texts.Count][];
        Parallel.For(
            0, texts.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            index => encoded[index] = tokenizer.Encode(texts[index]));
        return encoded;
    }
}
