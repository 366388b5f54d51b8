using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Testing;

/// <summary>Keeps documents of a length, counted in words.</summary>
[Plugin("word-count")]
[Metric("dropped/word_count", Unit = "documents", Meaning = "Too few or too many words.")]
public sealed class WordCountFilter(WordCountOptions options) : IDocumentFilter
{
    public Verdict Apply(Document document) =>
        document.Text.Split(' ').Length is var words && words >= options.MinWords && words <= options.MaxWords
            ? Verdict.Keep(document)
            : Verdict.Drop("word_count");
}

/// <summary>Settings of <c>word-count</c>.</summary>
public sealed record WordCountOptions : IValidatableObject
{
    /// <summary>The fewest words. Unit: words. Default: 50.</summary>
    [Range(0, int.MaxValue)]
    public int MinWords { get; init; } = 50;

    /// <summary>The most words. Unit: words. Default: 100,000; see <see cref="MinWords"/>.</summary>
    [Range(1, int.MaxValue)]
    public int MaxWords { get; init; } = 100_000;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MinWords > MaxWords)
        {
            yield return new($"min_words ({MinWords}) is more than max_words ({MaxWords})");
        }
    }
}

/// <summary>Keeps documents in some languages.</summary>
[Plugin("language", Version = 3)]
[Metric("dropped/language", Unit = "documents", Meaning = "Another language.")]
public sealed class LanguageFilter(LanguageOptions options) : IDocumentFilter
{
    public Verdict Apply(Document document) =>
        options.Keep.Contains(document.Fact("language") ?? "") ? Verdict.Keep(document) : Verdict.Drop("language");
}

/// <summary>Settings of <c>language</c>.</summary>
public sealed record LanguageOptions
{
    /// <summary>Languages to keep, ISO 639-1.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Keep { get; init; }

    /// <summary>The lowest score. Unit: probability. Default: 0.65.</summary>
    [Range(0.0, 1.0)]
    public double MinScore { get; init; } = 0.65;
}

/// <summary>Drops everything.</summary>
[Plugin("nothing")]
[Metric("dropped/nothing", Unit = "documents", Meaning = "All of them.")]
public sealed class NothingFilter : IDocumentFilter
{
    public Verdict Apply(Document document) => Verdict.Drop("nothing");
}
