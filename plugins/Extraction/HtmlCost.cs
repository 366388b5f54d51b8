namespace Experiments.Plugins.Extraction;

/// <summary>
/// Estimates in one cheap pass what parsing a page would cost. A parser's time grows with the number of elements times
/// their depth, and a formatting element that is never closed is created again in every later block. A hostile page
/// exploits both.
/// </summary>
internal static class HtmlCost
{
    private static readonly HashSet<string> Void = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
    private static readonly HashSet<string> SelfClosing = ["p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "html", "head", "body"];
    private static readonly HashSet<string> Formatting = ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    private static readonly HashSet<string> RawText = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

    /// <summary>Whether the text contains anything that looks like a tag.</summary>
    public static bool HasTag(string text)
    {
        for (var i = text.IndexOf('<'); i >= 0 && i + 1 < text.Length; i = text.IndexOf('<', i + 1))
        {
            if ((char.IsAsciiLetter(text[i + 1]) || text[i + 1] is '/' or '!') && text.IndexOf('>', i) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Upper estimates of the number of elements and of the depth of the parsed page.</summary>
    public static (long Elements, int Depth) Estimate(string html)
    {
        var (elements, depth, deepest, formatting) = (0L, 0, 0, 0);
        for (var i = html.IndexOf('<'); i >= 0 && i + 1 < html.Length; i = i < html.Length ? html.IndexOf('<', i) : -1)
        {
            if (html.AsSpan(i).StartsWith("<!--"))
            {
                i = html.IndexOf("-->", i + 4, StringComparison.Ordinal) is var close and >= 0 ? close : html.Length;
                continue;
            }

            var isEnd = html[i + 1] == '/';
            var start = i + (isEnd ? 2 : 1);
            var end = start;
            while (end < html.Length && char.IsAsciiLetterOrDigit(html[end]))
            {
                end++;
            }

            i = Math.Max(end, i + 1);
            if (end == start)
            {
                continue;
            }

            var tag = html[start..Math.Min(end, start + 16)].ToLowerInvariant();
            if (isEnd)
            {
                depth -= depth > 0 && !Void.Contains(tag) && !SelfClosing.Contains(tag) ? 1 : 0;
                formatting -= formatting > 0 && Formatting.Contains(tag) ? 1 : 0;
                continue;
            }

            elements += 1 + (Formatting.Contains(tag) ? 0 : formatting);
            formatting += Formatting.Contains(tag) ? 1 : 0;
            depth += Void.Contains(tag) || SelfClosing.Contains(tag) ? 0 : 1;
            deepest = Math.Max(deepest, depth);
            if (RawText.Contains(tag))
            {
                i = html.IndexOf("</" + tag, i, StringComparison.OrdinalIgnoreCase) is var close and >= 0 ? close : html.Length;
            }
        }

        return (elements, deepest);
    }
}
