using System.ComponentModel.DataAnnotations;
using AngleSharp.Html.Parser;
using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Extraction;

/// <summary>
/// Turns the HTML of a page into its main text: headings, paragraphs, lists, tables and code as lines, without menus,
/// notices and advertising. The title is written into the metadata. Plain text is kept as it is.
/// </summary>
/// <remarks>
/// The main block is found as in Readability (Arc90, Mozilla): each paragraph's score is added to its ancestors. It is
/// cleaned by link density and by the words in class and id, as in trafilatura (Barbaresi 2021). The cost is bounded
/// before the page is parsed, and no step is recursive. Reasons: <c>no_main_text</c>, <c>page_too_large</c>,
/// <c>page_too_complex</c>.
/// </remarks>
[Plugin("extract-text")]
[Metric("dropped/page_too_large", Unit = "documents", Meaning = "The page has more characters than the limit.")]
[Metric("dropped/page_too_complex", Unit = "documents", Meaning = "The page is too expensive to parse.")]
[Metric("dropped/no_main_text", Unit = "documents", Meaning = "The page has no main text.")]
public sealed class ExtractTextFilter(ExtractTextOptions options) : IDocumentFilter
{
    private readonly HtmlParser _parser = new(new HtmlParserOptions { IsScripting = false });

    /// <inheritdoc/>
    public Verdict Apply(Document document)
    {
        var type = document.Fact("content_type") ?? document.Fact("media_type");
        if (type?.StartsWith("text/plain", StringComparison.Ordinal) == true || (type is null && !HtmlCost.HasTag(document.Text)))
        {
            return Verdict.Keep(document);
        }

        if (document.Text.Length > options.MaxCharacters)
        {
            return Verdict.Drop("page_too_large");
        }

        var cost = HtmlCost.Estimate(document.Text);
        if (cost.Elements > options.MaxElements || cost.Depth > options.MaxDepth)
        {
            return Verdict.Drop("page_too_complex");
        }

        var page = Page.Parse(_parser, document.Text);
        var text = MainText.Of(page);
        if (text.Length < options.MinCharacters)
        {
            return Verdict.Drop("no_main_text");
        }

        var extracted = document with { Text = text };
        return Verdict.Keep(page.Title is { Length: > 0 } title ? extracted.With("title", title) : extracted);
    }
}

/// <summary>Settings of <c>extract-text</c>.</summary>
public sealed record ExtractTextOptions
{
    /// <summary>A page with less main text is dropped: <c>no_main_text</c>. Unit: characters. Default: 100.</summary>
    [Range(1, int.MaxValue)] public int MinCharacters { get; init; } = 100;

    /// <summary>
    /// A larger page is dropped without parsing: <c>page_too_large</c>. Unit: characters. Default: 5000000.
    /// </summary>
    [Range(1, int.MaxValue)] public int MaxCharacters { get; init; } = 5_000_000;

    /// <summary>
    /// A page with more elements is dropped without parsing: <c>page_too_complex</c>. Default: 200000.
    /// </summary>
    [Range(1, 10_000_000)] public int MaxElements { get; init; } = 200_000;

    /// <summary>
    /// A page with more deeply nested elements is dropped without parsing: <c>page_too_complex</c>. Unit: levels.
    /// Default: 512, as in browsers.
    /// </summary>
    [Range(1, 10_000)] public int MaxDepth { get; init; } = 512;
}
