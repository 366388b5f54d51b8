using Experiments.Contracts.Artifacts;
using static TorchSharp.torch;

namespace Experiments.Learning.Data;

/// <summary>
/// A split of token shards, cut into windows of equal length. The target of a window's last position is the first token
/// of the next window.
/// </summary>
/// <remarks>
/// Documents are concatenated, as in GPT-2's training: a window may begin in the middle of one document and end in
/// another. The rest at the end of a shard, which does not fill a window, is not read.
/// </remarks>
public sealed class TokenWindows : ITokenRows
{
    private readonly IReadOnlyList<TokenShard> _shards;
    private readonly long[] _firstWindow;
    private readonly int _length;
    private readonly int? _documentStart;

    /// <summary>Opens a split.</summary>
    /// <param name="tokens">The shards.</param>
    /// <param name="split"><see cref="TokenShards.Train"/> or <see cref="TokenShards.Validation"/>.</param>
    /// <param name="length">Positions per window. A shorter split gives one shorter window.</param>
    /// <param name="documentStart">
    /// The token that every document begins with, to separate the documents of a window; null to let a position see its
    /// whole window.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The split has fewer than two tokens, or more than 2^31 - 1 windows.
    /// </exception>
    public TokenWindows(TokenShards tokens, string split, int length, int? documentStart = null)
    {
        _shards = tokens.Open(split);
        _documentStart = documentStart;
        _length = (int)Math.Min(length, _shards.Max(shard => shard.Count) - 1);
        _firstWindow = new long[_shards.Count + 1];
        for (var i = 0; i < _shards.Count && _length > 0; i++)
        {
            _firstWindow[i + 1] = _firstWindow[i] + Math.Max(0, (_shards[i].Count - 1) / _length);
        }

        if (_length < 1 || _firstWindow[^1] > int.MaxValue)
        {
            Dispose();
            throw new InvalidDataException(_length < 1 ? $"{tokens.Folder}: the {split} part has fewer than two tokens."
                : $"{tokens.Folder}: the {split} part has {_firstWindow[^1]:N0} windows of {_length} tokens; the maximum is {int.MaxValue:N0}. Use longer windows.");
        }
    }

    /// <inheritdoc/>
    public int Count => (int)_firstWindow[^1];

    /// <inheritdoc/>
    public int Length => _length;

    /// <inheritdoc/>
    public int Learned(int row) => _length;

    /// <inheritdoc/>
    public TokenBatch Read(ReadOnlySpan<int> rows)
    {
        var inputs = new long[rows.Length * _length];
        var targets = new long[inputs.Length];
        Span<long> window = new long[_length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            var shard = Array.FindLastIndex(_firstWindow, _shards.Count - 1, _shards.Count, ContainsUpTo(rows[i]));
            _shards[shard].Read((rows[i] - _firstWindow[shard]) * _length, window);
            window[..^1].CopyTo(inputs.AsSpan(i * _length));
            window[1..].CopyTo(targets.AsSpan(i * _length));
        }

        return new(
            Shaped(inputs), Shaped(targets), _documentStart is { } start ? Shaped(Numbered(inputs, start)) : null,
            HasPadding: false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    private static long[] Numbered(long[] inputs, int documentStart)
    {
        var (documents, number) = (new long[inputs.Length], 0L);
        for (var i = 0; i < inputs.Length; i++)
        {
            documents[i] = inputs[i] == documentStart ? ++number : number;
        }

        return documents;
    }

    private Tensor Shaped(long[] values) => tensor(values).view(-1, _length);

    private static Predicate<long> ContainsUpTo(long window) => first => first <= window;
}
