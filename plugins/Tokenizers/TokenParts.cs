using Experiments.Contracts.Artifacts;

namespace Experiments.Plugins.Tokenizers;

/// <summary>An encoded document that is ready for a shard.</summary>
/// <param name="Tokens">The end-of-text token, followed by the text's tokens.</param>
/// <param name="TextBytes">UTF-8 bytes of the text.</param>
/// <param name="Place">
/// The text's hash as a fraction. A document whose fraction is below the validation share is held out.
/// </param>
internal sealed record EncodedDocument(int[] Tokens, long TextBytes, double Place);

/// <summary>
/// Distributes documents to the training part and the held-out part, each in document order. The first documents, about
/// 1/share of them, are held back until both parts have a document, so that neither part stays empty.
/// </summary>
internal sealed class TokenParts(string folder, int vocabularySize, double validationShare, long tokensPerShard) : IDisposable
{
    private readonly List<EncodedDocument> _heldBack = [];
    private bool _isSettled = validationShare == 0;

    public TokenPart Train { get; } = new(folder, TokenShards.Train, vocabularySize, tokensPerShard);

    public TokenPart Validation { get; } = new(folder, TokenShards.Validation, vocabularySize, tokensPerShard);

    public void Add(EncodedDocument document)
    {
        if (_isSettled)
        {
            PartOf(document).Write(document);
            return;
        }

        _heldBack.Add(document);
        if (IsHeldOut(document) != IsHeldOut(_heldBack[0]))
        {
            _isSettled = true;
            Release(PartOf);
        }
    }

    /// <summary>
    /// Writes the documents that are still held back. All of them belong to one part, so the one whose hash is nearest
    /// to the threshold goes to the other.
    /// </summary>
    public void Complete()
    {
        var moved = _heldBack.Count < 2 ? null : IsHeldOut(_heldBack[0]) ? _heldBack.MaxBy(document => document.Place) : _heldBack.MinBy(document => document.Place);
        Release(document => moved is null ? Train : ReferenceEquals(document, moved) == IsHeldOut(document) ? Train : Validation);
        Dispose();
    }

    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
    }

    private bool IsHeldOut(EncodedDocument document) => document.Place < validationShare;

    private TokenPart PartOf(EncodedDocument document) => IsHeldOut(document) ? Validation : Train;

    private void Release(Func<EncodedDocument, TokenPart> part)
    {
        foreach (var document in _heldBack)
        {
            part(document).Write(document);
        }

        _heldBack.Clear();
    }
}

/// <summary>Writes the shards of one part.</summary>
internal sealed class TokenPart(string folder, string name, int vocabularySize, long tokensPerShard) : IDisposable
{
    private TokenShardWriter? _writer;
    private int _shards;

    /// <summary>Number of tokens written so far.</summary>
    public long Tokens { get; private set; }

    public void Write(EncodedDocument document)
    {
        if (_writer is null || _writer.Count + document.Tokens.Length > tokensPerShard)
        {
            Dispose();
            _writer = new(Path.Combine(folder, TokenShards.FileName(name, _shards++)), vocabularySize);
        }

        _writer.Write(document.Tokens, document.TextBytes);
        Tokens += document.Tokens.Length;
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }
}
