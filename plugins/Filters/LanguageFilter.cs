using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;
using Experiments.Plugins.Filters.Languages;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Keeps documents in the given languages, and writes <c>language</c> and <c>language_score</c> into the metadata of
/// each kept document.
/// </summary>
/// <remarks>
/// FineWeb requires a score above 0.65 from fastText's lid.176. This filter uses <see cref="LanguageDetector"/>, whose
/// score is the share of the text that is in the language. Reasons: <c>language_CODE</c> for another language,
/// <c>language_score</c> for a score that is too low.
/// </remarks>
[Plugin("language")]
[Metric("dropped/language_{code}", Unit = "documents", Meaning = "It is in another language.")]
[Metric("dropped/language_score", Unit = "documents", Meaning = "The language is not certain enough.")]
public sealed class LanguageFilter(LanguageOptions options) : IDocumentFilter
{
    private readonly LanguageDetector _detector = new();

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var (language, score) = _detector.Detect(document.Text);
        if (options.Keep.Count > 0 && !options.Keep.Contains(language))
        {
            return Verdict.Drop($"language_{language}");
        }

        return score > options.MinScore
            ? Verdict.Keep(document.With("language", language).With("language_score", Math.Round(score, 4)))
            : Verdict.Drop("language_score");
    }
}

/// <summary>Settings of <c>language</c>.</summary>
public sealed record LanguageOptions
{
    /// <summary>Languages that are kept, as ISO 639-1 codes. An empty list keeps every language. Default: en.</summary>
    [KnownLanguages]
    public IReadOnlyList<string> Keep { get; init; } = ["en"];

    /// <summary>
    /// A document is kept if its score is greater than this; otherwise it is dropped: <c>language_score</c>. Unit:
    /// share of the text, 0 to 1. Default: 0.65.
    /// </summary>
    [Range(0.0, 1.0)] public double MinScore { get; init; } = 0.65;
}
