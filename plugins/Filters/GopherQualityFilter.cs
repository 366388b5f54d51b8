using System.Buffers;
using System.ComponentModel.DataAnnotations;
using System.Text;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Drops documents that do not look like prose: Gopher's quality rules (Rae et al. 2021, A.1), with datatrove's
/// definitions and FineWeb's thresholds.
/// </summary>
/// <remarks>
/// A symbol is any character that Unicode classes as punctuation, symbol or control. datatrove lists the more frequent
/// ones instead.
/// </remarks>
[Plugin("gopher-quality")]
[Metric("dropped/gopher_short_doc", Unit = "documents", Meaning = "Too few words.")]
[Metric("dropped/gopher_long_doc", Unit = "documents", Meaning = "Too many words.")]
[Metric("dropped/gopher_below_avg_threshold", Unit = "documents", Meaning = "The words are too short on average.")]
[Metric("dropped/gopher_above_avg_threshold", Unit = "documents", Meaning = "The words are too long on average.")]
[Metric("dropped/gopher_too_many_hashes", Unit = "documents", Meaning = "Too many hash signs for its words.")]
[Metric("dropped/gopher_too_many_ellipsis", Unit = "documents", Meaning = "Too many ellipses for its words.")]
[Metric("dropped/gopher_too_many_bullets", Unit = "documents", Meaning = "Too many lines begin with a bullet.")]
[Metric("dropped/gopher_too_many_end_ellipsis", Unit = "documents", Meaning = "Too many lines end with an ellipsis.")]
[Metric("dropped/gopher_below_alpha_threshold", Unit = "documents", Meaning = "Too few words have a letter.")]
[Metric("dropped/gopher_enough_stop_words", Unit = "documents", Meaning = "Too few different stop words.")]
public sealed class GopherQualityFilter(GopherQualityOptions options) : IDocumentFilter
{
    private readonly HashSet<string> _stopWords = new(options.StopWords, StringComparer.Ordinal);

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var reason = Reason(document.Text);
        return reason is null ? Verdict.Keep(document) : Verdict.Drop(reason);
    }

    private string? Reason(string text)
    {
        var (words, letters, alphabetic) = (0, 0L, 0);
        var stopWords = new HashSet<string>(StringComparer.Ordinal);
        var lookup = _stopWords.GetAlternateLookup<ReadOnlySpan<char>>();
        var all = Words.Split(text);
        foreach (var range in all)
        {
            var word = text.AsSpan(range);
            alphabetic += HasLetter(word) ? 1 : 0;
            if (!Words.IsSymbol(word))
            {
                words++;
                letters += Words.Length(word);
            }

            if (lookup.TryGetValue(word, out var stopWord))
            {
                stopWords.Add(stopWord);
            }
        }

        if (words < options.MinWords || words == 0)
        {
            return "gopher_short_doc";
        }

        if (words > options.MaxWords)
        {
            return "gopher_long_doc";
        }

        var meanLength = (double)letters / words;
        if (meanLength < options.MinMeanWordLength)
        {
            return "gopher_below_avg_threshold";
        }

        if (meanLength > options.MaxMeanWordLength)
        {
            return "gopher_above_avg_threshold";
        }

        if ((double)Lines.Count(text, "#") / all.Count > options.MaxSymbolRatio)
        {
            return "gopher_too_many_hashes";
        }

        if ((double)(Lines.Count(text, "...") + Lines.Count(text, "…")) / all.Count > options.MaxSymbolRatio)
        {
            return "gopher_too_many_ellipsis";
        }

        var lines = Lines.Split(text);
        if (lines.Count(line => line.TrimStart() is ['•' or '-', ..]) > options.MaxBulletLineShare * lines.Length)
        {
            return "gopher_too_many_bullets";
        }

        if (lines.Count(IsCutOff) > options.MaxEllipsisLineShare * lines.Length)
        {
            return "gopher_too_many_end_ellipsis";
        }

        if ((double)alphabetic / all.Count < options.MinAlphabeticShare)
        {
            return "gopher_below_alpha_threshold";
        }

        return stopWords.Count < options.MinStopWords ? "gopher_enough_stop_words" : null;
    }

    private static bool IsCutOff(string line) =>
        line.TrimEnd() is var end && (end.EndsWith("...", StringComparison.Ordinal) || end.EndsWith('…'));

    private static bool HasLetter(ReadOnlySpan<char> word)
    {
        while (Rune.DecodeFromUtf16(word, out var rune, out var consumed) != OperationStatus.NeedMoreData)
        {
            if (Rune.IsLetter(rune))
            {
                return true;
            }

            word = word[consumed..];
        }

        return false;
    }
}

/// <summary>Settings of <c>gopher-quality</c>.</summary>
public sealed record GopherQualityOptions
{
    /// <summary>
    /// Minimum number of words that are not symbols. Below it, a document is dropped: <c>gopher_short_doc</c>. Default:
    /// 50.
    /// </summary>
    [Range(0, int.MaxValue)] public int MinWords { get; init; } = 50;

    /// <summary>
    /// Maximum number of words that are not symbols. Above it, a document is dropped: <c>gopher_long_doc</c>. Default:
    /// 100000.
    /// </summary>
    [Range(1, int.MaxValue)] public int MaxWords { get; init; } = 100_000;

    /// <summary>
    /// Minimum mean length of a word. Below it, a document is dropped: <c>gopher_below_avg_threshold</c>. Unit:
    /// characters. Default: 3.
    /// </summary>
    [Range(0.0, 1000.0)] public double MinMeanWordLength { get; init; } = 3;

    /// <summary>
    /// Maximum mean length of a word. Above it, a document is dropped: <c>gopher_above_avg_threshold</c>. Unit:
    /// characters. Default: 10.
    /// </summary>
    [Range(0.0, 1000.0)] public double MaxMeanWordLength { get; init; } = 10;

    /// <summary>
    /// Maximum number of hash signs per word, and of ellipses per word. Above it, a document is dropped:
    /// <c>gopher_too_many_hashes</c>, <c>gopher_too_many_ellipsis</c>. Default: 0.1.
    /// </summary>
    [Range(0.0, 1000.0)] public double MaxSymbolRatio { get; init; } = 0.1;

    /// <summary>
    /// Maximum share of lines that begin with a bullet or a hyphen. Above it, a document is dropped:
    /// <c>gopher_too_many_bullets</c>. Default: 0.9.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxBulletLineShare { get; init; } = 0.9;

    /// <summary>
    /// Maximum share of lines that end with an ellipsis. Above it, a document is dropped:
    /// <c>gopher_too_many_end_ellipsis</c>. Default: 0.3.
    /// </summary>
    [Range(0.0, 1.0)] public double MaxEllipsisLineShare { get; init; } = 0.3;

    /// <summary>
    /// Minimum share of words that contain a letter. Below it, a document is dropped:
    /// <c>gopher_below_alpha_threshold</c>. Default: 0.8.
    /// </summary>
    [Range(0.0, 1.0)] public double MinAlphabeticShare { get; init; } = 0.8;

    /// <summary>
    /// Minimum number of different stop words. Below it, a document is dropped: <c>gopher_enough_stop_words</c>.
    /// Default: 2.
    /// </summary>
    [Range(0, 1000)] public int MinStopWords { get; init; } = 2;

    /// <summary>The stop words, case-sensitive. Default: the, be, to, of, and, that, have, with.</summary>
    public IReadOnlyList<string> StopWords { get; init; } = ["the", "be", "to", "of", "and", "that", "have", "with"];
}
