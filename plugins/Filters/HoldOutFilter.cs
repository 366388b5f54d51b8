using System.Buffers.Binary;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>Drops a share of the documents, chosen by a hash of their texts: those that are to be held out. They are the stage's output <c>dropped</c>.</summary>
/// <remarks>Equal texts go the same way, in any order of documents. <c>tokenize</c> decides by the same hash, so what is held out here would be held out there at the same share.</remarks>
[Plugin("hold-out")]
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
    /// <summary>Share of the documents that is held out. Unit: fraction, 0 to 1. Default: 0.1.</summary>
    [Range(0.0, 1.0)] public double Share { get; init; } = 0.1;
}
