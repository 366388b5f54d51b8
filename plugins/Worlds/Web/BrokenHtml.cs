using System.Text.RegularExpressions;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>
/// Damages markup as careless authors do. A browser still shows the same text, and an extractor should extract it.
/// </summary>
internal static class BrokenHtml
{
    private static readonly Regex OptionalEnd = new("</(p|li|td|tr)>", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);
    private static readonly Regex Emphasis = new("<(?:em|b|strong|i)>([^<]*)</(?:em|b|strong|i)>", RegexOptions.NonBacktracking);
    private static readonly Regex Closing = new("</(body|html)>", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

    public static string Damage(string html, RandomStream random)
    {
        html = OptionalEnd.Replace(html, end => random.Next(2) == 0 ? "" : end.Value);
        html = Emphasis.Replace(html, "<b><i>$1</b></i>");
        html = Closing.Replace(html, "");
        return html.Replace("<h1", "</span><h1", StringComparison.Ordinal);
    }
}
