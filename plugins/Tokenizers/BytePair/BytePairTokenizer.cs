using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using Experiments.Contracts.Text;
using Experiments.Plugins.Tokenizers.Normalization;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>
/// Byte-level BPE: text is cut into pieces, and the bytes of each piece are merged by rank. The ids are those of tiktoken and of Hugging Face's
/// tokenizers for the same vocabulary.
/// </summary>
/// <remarks>
/// All bytes round-trip but those that a vocabulary from outside has no token for (SmolLM2 lacks some control characters), which vanish, and those
/// that it composes first (Qwen). A lone surrogate of a .NET string has no UTF-8 form and is encoded as U+FFFD.
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

    /// <summary>Makes the tokenizer of a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="chat">Opens the chat format when it is first asked for; null for ChatML.</param>
    public BytePairTokenizer(BytePairVocabulary vocabulary, Func<IChatFormat>? chat = null)
    {
        Vocabulary = vocabulary;
        _chat = new(chat ?? (() => ChatMl.Format));
        SpecialTokens = vocabulary.AddedTokens.Where(token => token.IsSpecial).ToFrozenDictionary(token => token.Text, token => token.Id, StringComparer.Ordinal);
        _rules = new(vocabulary);
        _all = Finders(vocabulary.AddedTokens);
        _ordinary = Finders(vocabulary.AddedTokens.Where(token => !token.IsSpecial));
    }

    /// <summary>Tokens, merges, added tokens.</summary>
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

    /// <summary>The vocabulary of a tokenizer that is to be written.</summary>
    /// <exception cref="InvalidDataException">It is no byte-level BPE.</exception>
    internal static BytePairVocabulary VocabularyOf(ITokenizer tokenizer) =>
        (tokenizer as BytePairTokenizer)?.Vocabulary ?? throw new InvalidDataException("Only a byte-level BPE tokenizer can be written.");

    /// <summary>Two passes, as Hugging Face makes them.</summary>
    private static AddedTokenFinder[] Finders(IEnumerable<AddedToken> tokens) =>
        [new(tokens.Where(token => !token.IsLookedForLast)), new(tokens.Where(token => token.IsLookedForLast))];

    private int[] Encode(string text, AddedTokenFinder[] finders, SpecialTokenRules? rules)
    {
        // A long text is measured first; for a short one three bytes a character are cheaper than a look at each.
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

    /// <summary>Cuts the first finder's tokens out of the text, and leaves what lies between to the next.</summary>
    private void Append(ReadOnlySpan<byte> text, ReadOnlySpan<AddedTokenFinder> finders, SpecialTokenRules? rules, ref PieceSink sink)
    {
        if (finders is [])
        {
            Vocabulary.Splitter.Split(text, ref sink);
            sink.Flush(text);
            return;
        }

        // What the first pass leaves is brought into its form before the second looks at it.
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
