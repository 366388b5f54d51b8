// plugins/Filters/ShoutFilter.cs
using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>Drops documents that are written in capitals.</summary>
[Plugin("shout")]
[Metric("dropped/shouting", Unit = "documents", Meaning = "It is written in capitals.")]
public sealed class ShoutFilter(ShoutOptions options) : IDocumentFilter
{
    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var letters = document.Text.Count(char.IsLetter);
        var share = letters == 0 ? 0 : (double)document.Text.Count(char.IsUpper) / letters;
        return share > options.MaxShare ? Verdict.Drop("shouting") : Verdict.Keep(document);
    }
}

/// <summary>Settings of <c>shout</c>.</summary>
public sealed record ShoutOptions
{
    /// <summary>Capitals among the letters at most. Unit: fraction, 0 to 1. Default: 0.3.</summary>
    [Range(0.0, 1.0)] public double MaxShare { get; init; } = 0.3;
}
