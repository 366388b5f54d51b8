using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Drops documents that are mostly lists, menus or repeated lines, by the rules that FineWeb derived from comparing
/// good and bad crawls (Penedo et al. 2024, 3.6).
/// </summary>
/// <remarks>
/// The marks that end a line are those with Unicode's property Sentence_Terminal. Quotes and the ellipsis do not have
/// it.
/// </remarks>
[Plugin("fineweb-quality")]
[Metric("dropped/empty", Unit = "documents", Meaning = "It has no text.")]
[Metric("dropped/line_punct_ratio", Unit = "documents", Meaning = "Too few lines end in punctuation.")]
[Metric("dropped/short_line_ratio", Unit = "documents", Meaning = "Too many lines are short.")]
[Metric("dropped/char_dup_ratio", Unit = "documents", Meaning = "Too many characters are in repeated lines.")]
[Metric("dropped/list_ratio", Unit = "documents", Meaning = "It has too many line ends for its words, as lists do.")]
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
    /// <summary>
    /// Minimum share of lines that end with a mark that ends sentences. Below it, a document is dropped:
    /// <c>line_punct_ratio</c>. Default: 0.12.
    /// </summary>
    [Range(0.0, 1.0)] public double MinTerminalLineShare { get; init; } = 0.12;

    /// <summary>A line of at most this length counts as short. Unit: characters. Default: 30.</summary>
    [Range(0, int.MaxValue)] public int ShortLineLength { get; init; } = 30;

    /// <summary>
    /// Maximum share of short lines. Above it, a document is dropped: <c>short_line_ratio</c>. Default: 0.67.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxShortLineShare { get; init; } = 0.67;

    /// <summary>
    /// Maximum share of characters in lines that repeat an earlier line. Above it, a document is dropped:
    /// <c>char_dup_ratio</c>. Default: 0.01.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxDuplicateCharacterShare { get; init; } = 0.01;

    /// <summary>
    /// Maximum number of line ends per word. Above it, a document is dropped: <c>list_ratio</c>. Default: 0.3.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxNewlinesPerWord { get; init; } = 0.3;
}
