using System.Runtime.InteropServices;
using System.Text;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.Splitting;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Byte-level BPE: text is cut into pieces, and the bytes of each piece are merged by rank. The ids are those of tiktoken and of Hugging Face's
/// tokenizers for the same vocabulary.
/// </summary>
/// <remarks>
/// All text round-trips but a lone surrogate of a .NET string, which has no UTF-8 form and is encoded as U+FFFD, and a byte that a vocabulary from
/// outside has no token for (SmolLM2 lacks some control characters), which vanishes.
/// </remarks>
public sealed class BytePairTokenizer : ITokenizer
{
    private const int CharactersPerToken = 3;
    private readonly PieceMerger _merger;
    private readonly Lazy<IChatFormat> _chat;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _whole;

    /// <summary>Makes the tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="chat">Opens the chat format when it is first asked for; null for ChatML.</param>
    public BytePairTokenizer(BytePairVocabulary vocabulary, Func<IChatFormat>? chat = null)
    {
        Vocabulary = vocabulary;
        _chat = new(chat ?? (() => ChatMl.Format));
        _merger = new PieceMerger(vocabulary.Tokens, vocabulary.Merges);
        if (vocabulary.WholePiecesFirst)
        {
            var ids = new Dictionary<byte[], int>(ByteStrings.Equality);
            for (var id = 0; id < vocabulary.Tokens.Count; id++)
            {
                ids.TryAdd(vocabulary.Tokens[id], id);
            }

            ids.Remove([]);

            _whole = ids.GetAlternateLookup<ReadOnlySpan<byte>>();
        }
    }

    /// <summary>Tokens, merges, special tokens.</summary>
    public BytePairVocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int VocabularySize => Vocabulary.Tokens.Count;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> SpecialTokens => Vocabulary.SpecialTokens;

    /// <inheritdoc/>
    public IChatFormat Chat => _chat.Value;

    /// <inheritdoc/>
    public int[] Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<byte> utf8)
    {
        var sink = new Sink(this);
        Vocabulary.Splitter.Split(utf8, ref sink);
        return [.. sink.Ids];
    }

    /// <summary>Merges bytes as one piece. They need not be UTF-8.</summary>
    public int[] EncodePiece(ReadOnlySpan<byte> piece)
    {
        var ids = new List<int>();
        Append(piece, ids);
        return [.. ids];
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(int id) => Vocabulary.Tokens[id];

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        var bytes = new List<byte>(ids.Length * CharactersPerToken);
        foreach (var id in ids)
        {
            bytes.AddRange(Bytes(id));
        }

        return Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
    }

    private void Append(ReadOnlySpan<byte> piece, List<int> ids)
    {
        if (_whole is { } whole && whole.TryGetValue(piece, out var id))
        {
            ids.Add(id);
        }
        else
        {
            _merger.Append(piece, ids);
        }
    }

    private readonly struct Sink(BytePairTokenizer tokenizer) : IPieceSink
    {
        public List<int> Ids { get; } = [];

        public void Add(ReadOnlySpan<byte> text, int start, int end) => tokenizer.Append(text[start..end], Ids);
    }
}
