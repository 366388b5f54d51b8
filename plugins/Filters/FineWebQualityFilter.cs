using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>Drops lists, menus and repeated lines: the rules that FineWeb found by comparing good with bad crawls (Penedo et al. 2024, 3.6).</summary>
/// <remarks>The set of marks that end a line is Unicode's Sentence_Terminal; quotes and the ellipsis are not in it.</remarks>
[Plugin("fineweb-quality")]
public sealed class FineWebQualityFilter(FineWebQualityOptions options) : IDocumentFilter
{
    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var text = document.Text;
        var lines = text.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)).ToList();
        if (lines.Count == 0)
        {
            return Verdict.Drop("empty");
        }

        if ((double)lines.Count(line => Sentences.EndsWithTerminal(line)) / lines.Count < options.MinTerminalLineShare)
        {
            return Verdict.Drop("line_punct_ratio");
        }

        if ((double)lines.Count(line => Words.Length(line) <= options.ShortLineLength) / lines.Count > options.MaxShortLineShare)
        {
            return Verdict.Drop("short_line_ratio");
        }

        var newlines = text.AsSpan().Count('\n');
        if ((double)Lines.Duplicates(lines).Characters / (Words.Length(text) - newlines) > options.MaxDuplicateCharacterShare)
        {
            return Verdict.Drop("char_dup_ratio");
        }

        return (double)newlines / Words.Split(text).Count > options.MaxNewlinesPerWord ? Verdict.Drop("list_ratio") : Verdict.Keep(document);
    }
}

/// <summary>Settings of <c>fineweb-quality</c>.</summary>
public sealed record FineWebQualityOptions
{
    /// <summary>Least share of lines that end with a mark that ends sentences; below: <c>line_punct_ratio</c>. Default: 0.12.</summary>
    [Range(0.0, 1.0)] public double MinTerminalLineShare { get; init; } = 0.12;

    /// <summary>A line up to this length is short. Unit: characters. Default: 30.</summary>
    [Range(0, int.MaxValue)] public int ShortLineLength { get; init; } = 30;

    /// <summary>Largest share of short lines; above: <c>short_line_ratio</c>. Default: 0.67.</summary>
    [Range(0.0, 1.0)] public double MaxShortLineShare { get; init; } = 0.67;

    /// <summary>Largest share of characters in lines that came before; above: <c>char_dup_ratio</c>. Default: 0.01.</summary>
    [Range(0.0, 1.0)] public double MaxDuplicateCharacterShare { get; init; } = 0.01;

    /// <summary>Most line ends a word; above: <c>list_ratio</c>. Default: 0.3.</summary>
    [Range(0.0, 1.0)] public double MaxNewlinesPerWord { get; init; } = 0.3;
}
