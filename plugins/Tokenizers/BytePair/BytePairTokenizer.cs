using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.Normalization;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Byte-level BPE: text is split into pieces, and the bytes of each piece are merged by rank. The ids are those of
/// tiktoken and of Hugging Face's tokenizers for the same vocabulary.
/// </summary>
/// <remarks>
/// Encoding and decoding gives the same bytes again, with two exceptions: bytes for which an imported vocabulary has no
/// token are lost (SmolLM2 lacks some control characters), and some vocabularies normalize text first (Qwen). A lone
/// surrogate of a .NET string has no UTF-8 form and is encoded as U+FFFD.
/// </remarks>
public sealed class BytePairTokenizer : ITracedTokenizer
{
    private const int CharactersPerToken = 3;
    private const int EncodersKept = 64;
    private const int LongText = 1 << 20;
    private readonly ConcurrentBag<PieceSink> _sinks = [];
    private readonly PieceRules _rules;
    private readonly AddedTokenFinder[] _ordinary;
    private readonly AddedTokenFinder[] _all;
    private readonly Lazy<IChatFormat> _chat;

    /// <summary>Makes a tokenizer with a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="chat">Opens the chat format when it is first needed; null for ChatML.</param>
    public BytePairTokenizer(BytePairVocabulary vocabulary, Func<IChatFormat>? chat = null)
    {
        Vocabulary = vocabulary;
        _chat = new(chat ?? (() => ChatMl.Format));
        SpecialTokens = vocabulary.AddedTokens.Where(token => token.IsSpecial).ToFrozenDictionary(token => token.Text, token => token.Id, StringComparer.Ordinal);
        _rules = new(vocabulary);
        _all = Finders(vocabulary.AddedTokens);
        _ordinary = Finders(vocabulary.AddedTokens.Where(token => !token.IsSpecial));
    }

    /// <summary>The tokens, merges and added tokens.</summary>
    public BytePairVocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public int VocabularySize => Vocabulary.Tokens.Count;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, int> SpecialTokens { get; }

    /// <inheritdoc/>
    public IChatFormat Chat => _chat.Value;

    /// <inheritdoc/>
    public int[] Encode(string text) => Encode(text, _ordinary, rules: null);

    /// <inheritdoc/>
    public int[] Encode(string text, SpecialTokenRules rules) => Encode(text, _all, rules);

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<byte> utf8, SpecialTokenRules rules) => Encode(utf8, _all, rules);

    /// <inheritdoc/>
    public int[] Encode(ReadOnlySpan<byte> utf8) => Encode(utf8, _ordinary, rules: null);

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

    /// <inheritdoc/>
    public IReadOnlyList<TracedPiece> Trace(string text)
    {
        var sink = new PieceList([]);
        Vocabulary.Splitter.Split(Encoding.UTF8.GetBytes(text), ref sink);
        return [.. sink.Pieces.Select(_rules.Trace)];
    }

    /// <summary>The vocabulary of a tokenizer that will be written.</summary>
    /// <exception cref="InvalidDataException">The tokenizer is not a byte-level BPE.</exception>
    internal static BytePairVocabulary VocabularyOf(ITokenizer tokenizer) =>
        (tokenizer as BytePairTokenizer)?.Vocabulary ?? throw new InvalidDataException("Only a byte-level BPE tokenizer can be written.");

    /// <summary>The finders of the two passes that Hugging Face makes.</summary>
    private static AddedTokenFinder[] Finders(IEnumerable<AddedToken> tokens) =>
        [new(tokens.Where(token => !token.IsLookedForLast)), new(tokens.Where(token => token.IsLookedForLast))];

    private int[] Encode(string text, AddedTokenFinder[] finders, SpecialTokenRules? rules)
    {
        // The UTF-8 length of a long text is computed first. For a short one, reserving three bytes per character is
        // cheaper.
        var bytes = ArrayPool<byte>.Shared.Rent(text.Length > LongText ? Encoding.UTF8.GetByteCount(text) : Encoding.UTF8.GetMaxByteCount(text.Length));
        try
        {
            return Encode(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, bytes)), finders, rules);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private int[] Encode(ReadOnlySpan<byte> text, ReadOnlySpan<AddedTokenFinder> finders, SpecialTokenRules? rules)
    {
        var sink = _sinks.TryTake(out var idle) ? idle : new PieceSink(_rules);
        try
        {
            Append(text, finders, rules, ref sink);
            var ids = GC.AllocateUninitializedArray<int>(sink.Ids.Count);
            sink.Ids.Ids.CopyTo(ids);
            return ids;
        }
        finally
        {
            sink.Ids.Clear();
            if (_sinks.Count < EncodersKept)
            {
                _sinks.Add(sink);
            }
        }
    }

    /// <summary>
    /// Finds the first finder's tokens in the text, and passes the text between them to the next finder.
    /// </summary>
    private void Append(ReadOnlySpan<byte> text, ReadOnlySpan<AddedTokenFinder> finders, SpecialTokenRules? rules, ref PieceSink sink)
    {
        if (finders is [])
        {
            Vocabulary.Splitter.Split(text, ref sink);
            sink.Flush(text);
            return;
        }

        // The text between the first pass's tokens is normalized before the second pass.
        text = finders.Length == 1 && Vocabulary.ComposesCharacters && !ComposedForm.IsSure(text) ? ComposedForm.Of(text) : text;
        var done = 0;
        for (var from = 0; finders[0].Next(text, from, out var start, out var end) is { } token;)
        {
            if (token.IsSpecial && rules?.Allows(token.Text, Encoding.UTF8.GetCharCount(text[..start])) is not true)
            {
                from = start + 1;
                continue;
            }

            Append(text[done..start], finders[1..], rules, ref sink);
            sink.Ids.Add(token.Id);
            (done, from) = (end, end);
        }

        Append(text[done..], finders[1..], rules, ref sink);
    }

    private readonly record struct PieceList(List<byte[]> Pieces) : Splitting.IPieceSink
    {
        public void Add(ReadOnlySpan<byte> text, int start, int end) => Pieces.Add(text[start..end].ToArray());
    }
}
