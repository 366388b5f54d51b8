using System.ComponentModel.DataAnnotations;
using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Deduplication;

/// <summary>
/// Keeps the first of several documents with nearly the same text. It uses MinHash (Broder 1997) with
/// locality-sensitive hashing, by default with FineWeb's settings: 14 bands of 8 rows over 5-grams of words. Two
/// documents of similarity s are found with probability 1-(1-s^8)^14: 0.56 at 0.7, 0.92 at 0.8.
/// </summary>
/// <remarks>
/// It works online: a document that shares a band with an earlier document is dropped, whether the earlier one was kept
/// or dropped. FineWeb clusters at the end instead: a late document that resembles two kept ones merges their clusters,
/// so FineWeb drops one of the two, and this filter keeps both. It remembers 8 bytes per document and band. A document
/// with fewer words than a shingle is kept.
/// </remarks>
[Plugin("minhash-dedup")]
[Metric("dropped/near_duplicate", Unit = "documents", Meaning = "An earlier document has nearly the same text.")]
public sealed class MinHashDedupFilter(MinHashDedupOptions options) : IOrderedDocumentFilter
{
    private readonly MinHash _hash = new(options.Bands * options.RowsPerBand, options.ShingleWords);
    private readonly HashSet<ulong>[] _bands = [.. Enumerable.Range(0, options.Bands).Select(_ => new HashSet<ulong>())];

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        if (_hash.Signature(document.Text) is not { } signature)
        {
            return Verdict.Keep(document);
        }

        var isNew = true;
        for (var band = 0; band < _bands.Length; band++)
        {
            isNew &= _bands[band].Add(MinHash.Fold(signature.AsSpan(band * options.RowsPerBand, options.RowsPerBand)));
        }

        return isNew ? Verdict.Keep(document) : Verdict.Drop("near_duplicate");
    }

    /// <inheritdoc/>
    public void Save(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        foreach (var band in _bands)
        {
            writer.Write(band.Count);
            foreach (var key in band)
            {
                writer.Write(key);
            }
        }
    }

    /// <inheritdoc/>
    public void Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        foreach (var band in _bands)
        {
            band.Clear();
            for (var left = reader.ReadInt32(); left > 0; left--)
            {
                band.Add(reader.ReadUInt64());
            }
        }
    }
}

/// <summary>Settings of <c>minhash-dedup</c>.</summary>
public sealed record MinHashDedupOptions
{
    /// <summary>Number of bands. More bands find more duplicates. Default: 14.</summary>
    [Range(1, 1024)] public int Bands { get; init; } = 14;

    /// <summary>
    /// Rows per band. More rows find fewer duplicates and make the similarity threshold, (1/bands)^(1/rows), steeper.
    /// Default: 8.
    /// </summary>
    [Range(1, 128)] public int RowsPerBand { get; init; } = 8;

    /// <summary>Words per shingle. Default: 5.</summary>
    [Range(1, 100)] public int ShingleWords { get; init; } = 5;
}
