using System.Globalization;
using System.Text;
using Experiments.Contracts.Reports;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Evaluation;

/// <summary>Shows an evaluation's report as Markdown.</summary>
internal static class EvaluationPage
{
    /// <summary>The page: all figures, then samples.</summary>
    public static string Of(EvaluationReport report)
    {
        var page = new StringBuilder("# Evaluation\n\n| Figure | Value |\n| --- | ---: |\n");
        foreach (var (name, value) in report.Figures)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {MarkdownPage.Code(name)} | {value:0.####} |\n");
        }

        Add("Sample problems", report.Examples, example =>
            $"[{example.Set}] {example.Prompt}\n  truth:  {example.Truth}\n  answer: {example.Answer}\n  {(example.Score >= 1 ? "\u2713 right" : "\u2717 wrong")}{(example.Stopped ? "" : ", cut off")}");
        Add("Sample dialogues", report.Dialogues, sample => $"> {sample.Prompt}\n{sample.Answer}\n  ({(sample.Stopped ? "ended itself" : "cut off")} after {sample.Tokens} tokens)");
        Add("Plain text, continued", report.Continuations, sample => $"{sample.Prompt}\u2502{sample.Answer}");
        return page.ToString();

        // What a model wrote may look like Markdown or HTML, so it is escaped and shown as it is.
        void Add<T>(string title, IReadOnlyList<T> items, Func<T, string> show)
        {
            if (items.Count > 0)
            {
                var text = VisibleText.Disarm(string.Join("\n\n", items.Select(show))).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
                page.Append(CultureInfo.InvariantCulture, $"\n## {title}\n\n<pre>\n{text}\n</pre>\n");
            }
        }
    }
}
