using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using static TorchSharp.torch;

namespace Experiments.Learning.Data;

/// <summary>
/// Documents packed into rows so that as few as possible are cut: best-fit packing (Ding et al. 2024). A document
/// longer than a row is cut into rows. Its rest, and every shorter document, goes into the row with the least
/// sufficient room. Remaining room is padded. No token is left out.
/// </summary>
public sealed class PackedDocuments : ITokenRows
{
    private const int OpenRows = 1024;
    private readonly IReadOnlyList<TokenShard> _shards;
    private readonly List<Piece[]> _rows;
    private readonly long _endOfText;
    private readonly bool _keepsApart;

    /// <summary>Packs a split.</summary>
    /// <param name="tokens">The shards.</param>
    /// <param name="split"><see cref="TokenShards.Train"/> or <see cref="TokenShards.Validation"/>.</param>
    /// <param name="length">Positions per row.</param>
    /// <param name="endOfText">
    /// The token that every document begins with. It is also the target after a document's last token.
    /// </param>
    /// <param name="keepsApart">Whether positions see only their own document.</param>
    /// <param name="seed">Decides which documents share a row.</param>
    public PackedDocuments(TokenShards tokens, string split, int length, int endOfText, bool keepsApart, ulong seed)
    {
        (_shards, Length, _endOfText, _keepsApart) = (tokens.Open(split), length, endOfText, keepsApart);
        Piece[] pieces = [.. _shards.Index().SelectMany(pair => Pieces(pair.Index, pair.Item, length))];
        new RandomStream(seed, "packing").Shuffle<Piece>(pieces);
        _rows = Pack(pieces, length);
        if (_rows.Count == 0)
        {
            Dispose();
            throw new InvalidDataException($"{tokens.Folder}: the {split} part has no documents.");
        }
    }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public int Length { get; }

    /// <summary>Share of all positions that are padding. Unit: fraction.</summary>
    public double PaddedShare =>
        1 - (_rows.Sum(row => (double)row.Sum(piece => piece.Length)) / ((double)Count * Length));

    /// <inheritdoc/>
    public int Learned(int row) => _rows[row].Sum(piece => piece.Length);

    /// <inheritdoc/>
    public TokenBatch Read(ReadOnlySpan<int> rows)
    {
        var inputs = new long[rows.Length * Length];
        var (targets, documents) = (new long[inputs.Length], new long[inputs.Length]);
        var hasPadding = false;
        for (var i = 0; i < rows.Length; i++)
        {
            var (place, number) = (i * Length, 0L);
            foreach (var piece in _rows[rows[i]])
            {
                _shards[piece.Shard].Read(piece.Start, inputs.AsSpan(place, piece.Length));
                inputs.AsSpan(place + 1, piece.Length - 1).CopyTo(targets.AsSpan(place));
                targets[place + piece.Length - 1] = Next(piece);
                documents.AsSpan(place, piece.Length).Fill(number++);
                place += piece.Length;
            }

            var end = (i + 1) * Length;
            hasPadding |= place < end;
            targets.AsSpan(place, end - place).Fill(TokenBatch.NoTarget);
            documents.AsSpan(place, end - place).Fill(number);
        }

        return new(Shaped(inputs), Shaped(targets), _keepsApart ? Shaped(documents) : null, hasPadding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards)
        {
            shard.Dispose();
        }
    }

    /// <summary>The token after a piece: the next one of its document, or the end-of-text token.</summary>
    private long Next(Piece piece)
    {
        if (piece.IsEnd)
        {
            return _endOfText;
        }

        Span<long> next = stackalloc long[1];
        _shards[piece.Shard].Read(piece.Start + piece.Length, next);
        return next[0];
    }

    private static IEnumerable<Piece> Pieces(int number, TokenShard shard, int length)
    {
        for (var document = 0L; document < shard.DocumentCount; document++)
        {
            var end = document + 1 < shard.DocumentCount ? shard.DocumentStart(document + 1) : shard.Count;
            for (var start = shard.DocumentStart(document); start < end; start += length)
            {
                yield return new(number, start, (int)Math.Min(length, end - start), end - start <= length);
            }
        }
    }

    /// <summary>
    /// Puts each piece into the open row with the least sufficient room. If too many rows are open, the fullest is
    /// closed.
    /// </summary>
    private static List<Piece[]> Pack(Piece[] pieces, int length)
    {
        var open = new SortedSet<(int Room, int Row)>();
        List<List<Piece>> contents = [];
        foreach (var piece in pieces)
        {
            var best = open.GetViewBetween((piece.Length, 0), (length, int.MaxValue)).Min;
            if (best.Room >= piece.Length && open.Remove(best))
            {
                contents[best.Row].Add(piece);
            }
            else
            {
                best = (length, contents.Count);
                contents.Add([piece]);
            }

            if (best.Room > piece.Length)
            {
                open.Add((best.Room - piece.Length, best.Row));
            }

            if (open.Count > OpenRows)
            {
                open.Remove(open.Min);
            }
        }

        return [.. contents.Select(row => row.ToArray())];
    }

    private Tensor Shaped(long[] values) => tensor(values).view(-1, Length);

    private readonly record struct Piece(int Shard, long Start, int Length, bool IsEnd);
}
