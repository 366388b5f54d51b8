using System.Runtime.InteropServices;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.BytePair;

/// <summary>Encodes pieces with a vocabulary.</summary>
internal sealed class PieceRules
{
    private const int NoToken = -1;

    private readonly int[] _bytes;
    private readonly bool _lacksBytes;
    private readonly IReadOnlyDictionary<byte, IReadOnlyList<int>> _fallback;
    private readonly PieceEncoder? _encoder;
    private readonly Lazy<PieceMerger> _merger;
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? _whole;

    /// <summary>Makes the rules for a vocabulary.</summary>
    public PieceRules(BytePairVocabulary vocabulary)
    {
        _bytes = SingleBytes(vocabulary.Tokens);
        _lacksBytes = _bytes.Contains(NoToken);
        _fallback = vocabulary.ByteFallback;
        var order = MergeOrder.Of(vocabulary.Tokens, vocabulary.Merges);
        _merger = new(() => new(_bytes, order?.Merges ?? vocabulary.Merges));
        _encoder = order is null ? null : new(order, _bytes);
        _whole = vocabulary.WholePiecesFirst ? Unreached(vocabulary, order) : null;
    }

    /// <summary>Appends the ids of a piece.</summary>
    public void Append(ReadOnlySpan<byte> piece, TokenBuffer ids)
    {
        if (_whole is { } whole && whole.TryGetValue(piece, out var id))
        {
            ids.Add(id);
        }
        else if (_lacksBytes)
        {
            AppendKnown(piece, ids);
        }
        else
        {
            Merge(piece, ids);
        }
    }

    /// <summary>The ids of a piece by their definition: one merge after another.</summary>
    public List<int> Defined(ReadOnlySpan<byte> piece) =>
        _whole is { } whole && whole.TryGetValue(piece, out var id) ? [id] : _merger.Value.Merge(piece);

    /// <summary>Shows how a piece is merged, step by step.</summary>
    public TracedPiece Trace(byte[] piece)
    {
        var ids = new TokenBuffer();
        Append(piece, ids);
        List<int> starts = [.. Enumerable.Range(0, piece.Length)];
        List<TracedMerge> merges = [];
        var merged = _merger.Value.Merge(piece, (merge, place) =>
        {
            var position = starts.BinarySearch(place);
            starts.RemoveAt(position + 1);
            merges.Add(new(position, merge.Rank, merge.Token));
        });
        return new(piece, _merger.Value.Parts(piece), CollectionsMarshal.AsSpan(merged).SequenceEqual(ids.Ids) ? merges : [], ids.Ids.ToArray());
    }

    /// <summary>
    /// Encodes a piece that may contain bytes without a token. Such a byte is replaced with its fallback ids, across
    /// which nothing is merged, or dropped if it has none.
    /// </summary>
    private void AppendKnown(ReadOnlySpan<byte> piece, TokenBuffer ids)
    {
        var known = new byte[piece.Length];
        var count = 0;
        foreach (var value in piece)
        {
            if (_bytes[value] != NoToken)
            {
                known[count++] = value;
            }
            else if (_fallback.TryGetValue(value, out var fallback))
            {
                Merge(known.AsSpan(0, count), ids);
                count = 0;
                foreach (var id in fallback)
                {
                    ids.Add(id);
                }
            }
        }

        Merge(known.AsSpan(0, count), ids);
    }

    private void Merge(ReadOnlySpan<byte> piece, TokenBuffer ids)
    {
        if (piece.Length == 0)
        {
            return;
        }

        if (_encoder is not null)
        {
            _encoder.Append(piece, ids);
            return;
        }

        var merged = _merger.Value.Merge(piece);
        merged.CopyTo(ids.Room(merged.Count));
        ids.Count += merged.Count;
    }

    private static int[] SingleBytes(IReadOnlyList<byte[]> tokens)
    {
        var ids = Enumerable.Repeat(NoToken, 256).ToArray();
        for (var id = 0; id < tokens.Count; id++)
        {
            if (tokens[id].Length == 1 && ids[tokens[id][0]] == NoToken)
            {
                ids[tokens[id][0]] = id;
            }
        }

        return ids;
    }

    /// <summary>The tokens that no merges produce. They occur only if a whole piece is such a token.</summary>
    private static Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>>? Unreached(BytePairVocabulary vocabulary, MergeOrder? order)
    {
        var reached = order is null ? [] : order.Merges.Select(merge => merge.Token).Concat(vocabulary.AddedTokens.Select(token => token.Id)).ToHashSet();
        var unreached = new Dictionary<byte[], int>(ByteStrings.Equality);
        for (var id = 0; id < vocabulary.Tokens.Count; id++)
        {
            if (vocabulary.Tokens[id].Length > 1 && !reached.Contains(id))
            {
                unreached.TryAdd(vocabulary.Tokens[id], id);
            }
        }

        return unreached.Count == 0 ? null : unreached.GetAlternateLookup<ReadOnlySpan<byte>>();
    }
}
