using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Drops documents with much repetition: Gopher's repetition rules (Rae et al. 2021, A.1), with datatrove's definitions
/// and thresholds.
/// </summary>
/// <remarks>
/// Shares of characters are shares of the text's length in code points. The most frequent n-gram counts even if it
/// occurs only once. Repeated n-grams are found greedily: after one that was seen before, the search continues n words
/// further. N-grams are compared by a 64-bit hash.
/// </remarks>
[Plugin("gopher-repetition", Version = 2)]
[Metric("dropped/dup_para_frac", Unit = "documents", Meaning = "Too many repeated paragraphs.")]
[Metric("dropped/dup_para_char_frac", Unit = "documents", Meaning = "Too many characters in repeated paragraphs.")]
[Metric("dropped/dup_line_frac", Unit = "documents", Meaning = "Too many repeated lines.")]
[Metric("dropped/dup_line_char_frac", Unit = "documents", Meaning = "Too many characters in repeated lines.")]
[Metric("dropped/top_{n}_gram", Unit = "documents", Meaning = "Too many characters in the most frequent n-gram of n words.")]
[Metric("dropped/duplicated_{n}_n_grams", Unit = "documents", Meaning = "Too many characters in repeated n-grams of n words.")]
public sealed class GopherRepetitionFilter(GopherRepetitionOptions options) : IDocumentFilter
{
    private static readonly Regex ParagraphEnd = new(@"(?:\r?\n){2,}", RegexOptions.NonBacktracking);
    private static readonly Regex LineEnd = new(@"(?:\r?\n)+", RegexOptions.NonBacktracking);

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var reason = Reason(document.Text);
        return reason is null ? Verdict.Keep(document) : Verdict.Drop(reason);
    }

    private string? Reason(string text)
    {
        var length = (double)Words.Length(text);
        var paragraphs = ParagraphEnd.Split(text.Trim());
        var duplicates = Lines.Duplicates(paragraphs);
        if (duplicates.Items > options.MaxDuplicateParagraphShare * paragraphs.Length)
        {
            return "dup_para_frac";
        }

        if (duplicates.Characters > options.MaxDuplicateParagraphCharacterShare * length)
        {
            return "dup_para_char_frac";
        }

        var lines = LineEnd.Split(text);
        duplicates = Lines.Duplicates(lines);
        if (duplicates.Items > options.MaxDuplicateLineShare * lines.Length)
        {
            return "dup_line_frac";
        }

        if (duplicates.Characters > options.MaxDuplicateLineCharacterShare * length)
        {
            return "dup_line_char_frac";
        }

        var grams = new WordGrams(text);
        for (var i = 0; i < options.MaxTopGramShares.Count; i++)
        {
            if (grams.TopCharacters(i + 2) > options.MaxTopGramShares[i] * length)
            {
                return $"top_{i + 2}_gram";
            }
        }

        for (var i = 0; i < options.MaxDuplicateGramShares.Count; i++)
        {
            if (grams.DuplicateCharacters(i + 5) > options.MaxDuplicateGramShares[i] * length)
            {
                return $"duplicated_{i + 5}_n_grams";
            }
        }

        return null;
    }
}

/// <summary>
/// Settings of <c>gopher-repetition</c>. All are shares, 0 to 1. A document that exceeds one of them is dropped.
/// </summary>
public sealed record GopherRepetitionOptions
{
    /// <summary>
    /// Maximum share of paragraphs that repeat an earlier one. Above it, a document is dropped: <c>dup_para_frac</c>.
    /// Default: 0.3.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxDuplicateParagraphShare { get; init; } = 0.3;

    /// <summary>
    /// Maximum share of characters in repeated paragraphs. Above it, a document is dropped: <c>dup_para_char_frac</c>.
    /// Default: 0.2.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxDuplicateParagraphCharacterShare { get; init; } = 0.2;

    /// <summary>
    /// Maximum share of lines that repeat an earlier one. Above it, a document is dropped: <c>dup_line_frac</c>.
    /// Default: 0.3.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxDuplicateLineShare { get; init; } = 0.3;

    /// <summary>
    /// Maximum share of characters in repeated lines. Above it, a document is dropped: <c>dup_line_char_frac</c>.
    /// Default: 0.2.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxDuplicateLineCharacterShare { get; init; } = 0.2;

    /// <summary>
    /// Maximum shares of characters in the most frequent 2-, 3- and 4-gram of words. Above one, a document is dropped:
    /// <c>top_2_gram</c> and so on. Default: 0.20, 0.18, 0.16.
    /// </summary>
    public IReadOnlyList<double> MaxTopGramShares { get; init; } = [0.20, 0.18, 0.16];

    /// <summary>
    /// Maximum shares of characters in repeated 5- to 10-grams of words. Above one, a document is dropped:
    /// <c>duplicated_5_n_grams</c> and so on. Default: 0.15, 0.14, 0.13, 0.12, 0.11, 0.10.
    /// </summary>
    public IReadOnlyList<double> MaxDuplicateGramShares { get; init; } = [0.15, 0.14, 0.13, 0.12, 0.11, 0.10];
}
