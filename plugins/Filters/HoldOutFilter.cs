using System.Buffers.Binary;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Drops a share of the documents, chosen by a hash of their texts, in order to hold them out. The held-out documents
/// are in the stage's output <c>dropped</c>.
/// </summary>
/// <remarks>
/// Documents with equal texts are either all kept or all held out, and the order of documents does not matter.
/// <c>tokenize</c> decides by the same hash, so with the same share it would hold out the same documents.
/// </remarks>
[Plugin("hold-out")]
[Metric("dropped/held_out", Unit = "documents", Meaning = "It is in the held-out share.")]
public sealed class HoldOutFilter(HoldOutOptions options) : IDocumentFilter
{
    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var hash = BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(document.Text)));
        return hash * Math.Pow(2, -64) < options.Share ? Verdict.Drop("held_out") : Verdict.Keep(document);
    }
}

/// <summary>Settings of <c>hold-out</c>.</summary>
public sealed record HoldOutOptions
{
    /// <summary>Share of the documents that are held out. Unit: fraction, 0 to 1. Default: 0.1.</summary>
    [Range(0.0, 1.0)] public double Share { get; init; } = 0.1;
}
