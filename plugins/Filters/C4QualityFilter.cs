using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Filters;

/// <summary>
/// Removes lines that are not prose and drops pages that have few sentences left: C4's rules (Raffel et al. 2020). By
/// default, lines need no punctuation at their end, as in FineWeb.
/// </summary>
/// <remarks>
/// The list of bad words is not used, as in FineWeb. Citation marks such as <c>[12]</c> are removed from the lines that
/// are kept.
/// </remarks>
[Plugin("c4-quality")]
[Metric("dropped/lorem_ipsum", Unit = "documents", Meaning = "It contains placeholder text.")]
[Metric("dropped/curly_bracket", Unit = "documents", Meaning = "It contains a curly bracket, as code does.")]
[Metric("dropped/too_few_sentences", Unit = "documents", Meaning = "Too few sentences are left.")]
public sealed class C4QualityFilter(C4QualityOptions options) : IDocumentFilter
{
    private static readonly Regex Citation = new(@"\[\d*\]|\[edit\]|\[citation needed\]", RegexOptions.NonBacktracking);
    private static readonly string[] Policies = ["terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies"];

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var kept = new List<string>();
        var sentences = 0;
        foreach (var raw in Lines.Split(document.Text))
        {
            var line = raw.Trim();
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Any(word => Words.Length(word) > options.MaxWordLength))
            {
                continue;
            }

            line = Citation.Replace(line, "");
            if ((options.RequireTerminalPunctuation && !IsEnded(line)) || words.Length < options.MinWordsPerLine)
            {
                continue;
            }

            var lower = line.ToLowerInvariant();
            if (lower.Contains("lorem ipsum", StringComparison.Ordinal))
            {
                return Verdict.Drop("lorem_ipsum");
            }

            if (lower.Contains("javascript", StringComparison.Ordinal))
            {
                continue;
            }

            if (line.Contains('{'))
            {
                return Verdict.Drop("curly_bracket");
            }

            if (!Policies.Any(policy => lower.Contains(policy, StringComparison.Ordinal)))
            {
                sentences += Sentences.Count(line);
                kept.Add(line);
            }
        }

        return sentences < options.MinSentences ? Verdict.Drop("too_few_sentences") : Verdict.Keep(document with { Text = string.Join('\n', kept).Trim() });
    }

    private static bool IsEnded(string line) => line is [.., '.' or '?' or '!' or '"' or '\''] && !line.EndsWith("...", StringComparison.Ordinal);
}

/// <summary>Settings of <c>c4-quality</c>.</summary>
public sealed record C4QualityOptions
{
    /// <summary>A line with a longer word is removed. Unit: characters. Default: 1000.</summary>
    [Range(1, int.MaxValue)] public int MaxWordLength { get; init; } = 1000;

    /// <summary>A line with fewer words is removed. Words are separated by white space. Default: 3.</summary>
    [Range(0, int.MaxValue)] public int MinWordsPerLine { get; init; } = 3;

    /// <summary>A document with fewer sentences left is dropped: <c>too_few_sentences</c>. Default: 5.</summary>
    [Range(0, int.MaxValue)] public int MinSentences { get; init; } = 5;

    /// <summary>
    /// Whether a line must end with . ? ! or a straight quote, as in C4; otherwise it is removed. FineWeb does not
    /// require it. Default: false.
    /// </summary>
    public bool RequireTerminalPunctuation { get; init; }
}
