namespace Experiments.Contracts.Text;

/// <summary>Turns text into token ids and back. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Ids run from 0 to this, exclusive; special tokens included.</summary>
    int VocabularySize { get; }

    /// <summary>Special tokens by their text: <c>&lt;|endoftext|&gt;</c>, <c>&lt;|im_start|&gt;</c> ...</summary>
    IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <summary>Encodes plain text. What looks like a special token in it is text: content can never forge one.</summary>
    int[] Encode(string text);

    /// <summary>The bytes of one token; a special token gives none.</summary>
    ReadOnlySpan<byte> Bytes(int id);

    /// <summary>Decodes; special tokens vanish, broken UTF-8 becomes U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> ids);
}

/// <summary>Opens a tokenizer folder.</summary>
[PluginKind("tokenizer-format")]
public interface ITokenizerFormat
{
    /// <summary>Whether the folder holds this format.</summary>
    bool CanOpen(string folder);

    /// <summary>Opens it.</summary>
    /// <exception cref="InvalidDataException">The files contradict themselves; the message names file and place.</exception>
    ITokenizer Open(string folder);
}

/// <summary>Names and lookups that all tokenizers share.</summary>
public static class Tokenizers
{
    /// <summary>Stands before every document, and ends a base model's text.</summary>
    public const string EndOfText = "<|endoftext|>";

    /// <summary>Begins a chat message (ChatML).</summary>
    public const string MessageStart = "<|im_start|>";

    /// <summary>Ends a chat message (ChatML); the model's sign to stop.</summary>
    public const string MessageEnd = "<|im_end|>";

    /// <summary>Opens the tokenizer in a folder, such as a Tokenizer or Checkpoint artifact.</summary>
    /// <exception cref="InvalidDataException">No plugin knows the format.</exception>
    public static ITokenizer OpenTokenizer(this IPluginSource plugins, string folder) =>
        plugins.All<ITokenizerFormat>().FirstOrDefault(format => format.CanOpen(folder))?.Open(folder)
        ?? throw new InvalidDataException($"{folder}: no tokenizer here that a plugin can open (expected tokenizer.json).");

    /// <summary>The id of a special token.</summary>
    /// <exception cref="InvalidDataException">The tokenizer has no such token.</exception>
    public static int Special(this ITokenizer tokenizer, string token) =>
        tokenizer.SpecialTokens.TryGetValue(token, out var id)
            ? id
            : throw new InvalidDataException($"The tokenizer has no special token {token}. It has: {string.Join(' ', tokenizer.SpecialTokens.Keys)}");
}
