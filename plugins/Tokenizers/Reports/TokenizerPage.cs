using Experiments.Contracts.Reports;

namespace Experiments.Plugins.Tokenizers.Reports;

/// <summary>Writes the page of <c>tokenizer-report</c>.</summary>
internal sealed class TokenizerPage(TokenizerReport report, string folder)
{
    private readonly MarkdownPage _page = new();
    private readonly PlotFolder _plots = new(folder);

    private MeasuredTokenizer Own => report.Tokenizers[0];

    /// <summary>The page as Markdown. Its plots are written into the same folder.</summary>
    public string Write()
    {
        var all = Own.Groups[0];
        _page.Heading(1, "Tokenizer");
        _page.Paragraph(
            $"{Figure.Text(all.Tokens)} tokens for {Figure.Text(all.Bytes)} bytes of {Figure.Text(all.Documents)} documents: {Figure.Text(all.BytesPerToken)} bytes per token, "
            + $"from a vocabulary of {Figure.Text(Own.VocabularySize)}.");
        Compare("Bytes per token", "More is better: fewer tokens for the same text. In brackets: the tokenizer's own bytes per token over the other's.", "bytes-per-token", group => group.BytesPerToken, showsRatio: true);
        Compare(
            "Fertility", "Tokens per word (Rust et al. 2021); less is better. Words are what white space separates: where a script has none between words, as in Chinese or Japanese, only bytes per token tell something.",
            "fertility", group => group.Fertility, showsRatio: false);
        Fallback();
        Vocabulary(report.Vocabulary);
        return _page.ToString();
    }

    private static string Label(string group) => group.Replace("domain/", "", StringComparison.Ordinal).Replace("language/", "language ", StringComparison.Ordinal);

    private void Compare(string title, string meaning, string file, Func<MeasuredGroup, double> figure, bool showsRatio)
    {
        _page.Heading(2, title);
        _page.Paragraph(meaning);
        var groups = Own.Groups.Select((group, i) => (group.Group, group.Bytes, Figures: report.Tokenizers.Select(tokenizer => figure(tokenizer.Groups[i])).ToList())).ToList();
        _page.Table(["Text", "Bytes", .. report.Tokenizers.Select(tokenizer => tokenizer.Name)], groups.Select(group => (IReadOnlyList<string>)
        [
            MarkdownPage.Quote(Label(group.Group)),
            Figure.Text(group.Bytes),
            .. group.Figures.Select((value, i) => i == 0 || !showsRatio ? $"{value:0.00}" : $"{value:0.00} ({group.Figures[0] / value:0.00})"),
        ]));
        var plot = new BarPlot(
            title, title.ToLowerInvariant(), [.. report.Tokenizers.Select(tokenizer => tokenizer.Name)],
            [.. groups.Select(group => new BarGroup(Label(group.Group), [.. group.Figures.Select(value => ((double, double?)?)(value, null))]))], value => $"{value:0.00}", Figure.Tick);
        _page.Picture(_plots.Save(file, plot.Draw()), $"{title} by domain and language");
    }

    private void Fallback()
    {
        _page.Heading(2, "Tokens of single bytes and of parts of characters");
        _page.Paragraph("Share of the tokens of the text. A token that begins or ends within a character says little by itself: a script with many of them was hardly learned.");
        _page.Table(["Text", .. report.Tokenizers.Select(tokenizer => tokenizer.Name)], Own.Groups.Select((group, i) => (IReadOnlyList<string>)
        [
            MarkdownPage.Quote(Label(group.Group)),
            .. report.Tokenizers.Select(tokenizer => $"{Figure.Percent(tokenizer.Groups[i].SingleByteShare)} single, {Figure.Percent(tokenizer.Groups[i].PartialShare)} parts"),
        ]));
    }

    private void Vocabulary(VocabularyReport vocabulary)
    {
        _page.Heading(2, "Vocabulary");
        _page.Paragraph("Counts hold for this text: the less of it there is, the more tokens look unused.");
        _page.Table(["Tokens", "Number"],
        [
            ["all", Figure.Text(vocabulary.Size)],
            ["special", Figure.Text(vocabulary.SpecialTokens)],
            ["unused: of several bytes, and never in the text", Figure.Text(vocabulary.Unused)],
            ["unreachable: their own text is encoded as something else, and they are never in the text", Figure.Text(vocabulary.Unreachable)],
            ["parts of characters", Figure.Text(vocabulary.Partial)],
            ["glitch-prone: unreachable, or long and hardly ever in the text", Figure.Text(vocabulary.GlitchProne)],
        ]);
        Tokens("Glitch-prone tokens", "A model sees them too seldom to learn what they mean (SolidGoldMagikarp; Land and Bartolo 2024). Many are what merges left behind: the text has them as parts of a longer token only.", vocabulary.GlitchProneTokens, showsWithin: true);
        Tokens("Unreachable tokens", "", vocabulary.UnreachableTokens, showsWithin: false);
        Tokens("Unused tokens", "", vocabulary.UnusedTokens, showsWithin: false);
        Tokens("Longest tokens", "", vocabulary.LongestTokens, showsWithin: false);
    }

    private void Tokens(string title, string meaning, IReadOnlyList<NamedToken> tokens, bool showsWithin)
    {
        if (tokens.Count == 0)
        {
            return;
        }

        _page.Heading(3, title);
        _page.Paragraph(meaning);
        _page.Table(["Id", "Token", "Bytes", "Occurrences", .. showsWithin ? ["Most often within"] : Array.Empty<string>()], tokens.Select(token => (IReadOnlyList<string>)
        [
            $"{token.Id}",
            MarkdownPage.Quote(token.Token),
            $"{token.Bytes}",
            Figure.Text(token.Occurrences),
            .. showsWithin ? [token.Within is { } within ? MarkdownPage.Quote(within) : ""] : Array.Empty<string>(),
        ]));
    }
}
