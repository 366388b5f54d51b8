using System.Collections.Frozen;
using AngleSharp.Dom;

namespace Experiments.Plugins.Extraction;

/// <summary>
/// Recognises boilerplate by what the page itself says about its elements: tags, roles, and the words in class and id.
/// </summary>
internal static class Boilerplate
{
    private static readonly FrozenSet<string> InvisibleTags = new[]
    {
        "audio", "button", "canvas", "dialog", "embed", "head", "iframe", "input", "link", "map", "meta", "noscript", "object", "script", "select", "style",
        "svg", "template", "textarea", "video",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Tags = new[] { "aside", "footer", "menu", "nav" }.ToFrozenSet();

    private static readonly FrozenSet<string> Roles = new[]
    {
        "alert", "alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation", "search", "toolbar",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Words = new[]
    {
        "ad", "adbox", "ads", "advert", "advertisement", "advertising", "agegate", "author", "authors", "banner", "bio", "bookmark", "breadcrumb", "breadcrumbs", "byline",
        "caption", "comment", "comments", "commentlist", "consent", "cookie", "cookies", "copyright", "credit", "credits", "cta", "dateline", "disclaimer", "disqus", "donate", "download", "dropdown",
        "email", "facebook", "feedback", "footer", "footnav", "gdpr", "hidden", "login", "masthead", "menu", "meta", "metadata", "modal", "more", "most", "nav", "navbar", "navigation", "newsletter", "optin",
        "outbrain", "overlay", "pager", "pagination", "paging", "paywall", "pinterest", "popular", "popup", "print", "profile", "promo", "promos", "promoted", "promotion", "rating",
        "read", "recirc", "recirculation", "recommend", "recommendation", "recommendations", "recommended", "register", "rel", "related", "reply", "respond", "rss", "share", "sharebar", "sharedaddy",
        "sharing", "shoutbox", "sidebar", "signin", "signup", "site", "skip", "skyscraper", "slideshow", "social", "sponsor", "sponsored", "sponsors", "subscribe", "subscription", "taboola", "tag", "tags", "teaser",
        "teasers", "timestamp", "toc", "toolbar", "tools", "topics", "trending", "tweet", "twitter", "utility", "widget", "widgets",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> ContentWords = new[]
    {
        "article", "articlebody", "body", "blog", "content", "entry", "hentry", "main", "page", "post", "story", "storybody", "text",
    }.ToFrozenSet();

    /// <summary>Whether an element is not shown, so that it and everything in it is ignored.</summary>
    public static bool IsInvisible(IElement element) =>
        InvisibleTags.Contains(element.LocalName) || element.HasAttribute("hidden")
        || element.GetAttribute("style")?.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Whether an element's tag or role says that it is not content. With <paramref name="believeNames"/>, its class
    /// and id count too.
    /// </summary>
    public static bool IsBoilerplate(Node node, bool believeNames) =>
        node.Tag is not ("body" or "main" or "article" or "html")
        && (Tags.Contains(node.Tag) || Roles.Contains(node.Role) || (believeNames && NameWords(node.Names).Any(Words.Contains)));

    /// <summary>+1 if class and id name content, -1 if they name boilerplate, 0 if they name both or neither.</summary>
    public static int Weight(Node node)
    {
        var words = NameWords(node.Names);
        return (words.Any(ContentWords.Contains) ? 1 : 0) - (words.Any(Words.Contains) ? 1 : 0);
    }

    /// <summary>The words of names like <c>article-body relatedLinks nav_2</c>, in lower case.</summary>
    private static List<string> NameWords(string names)
    {
        var words = new List<string>();
        var start = 0;
        for (var i = 0; i <= names.Length; i++)
        {
            var isEnd = i == names.Length || !char.IsAsciiLetter(names[i]);
            if (isEnd || (i > start && char.IsAsciiLetterUpper(names[i]) && char.IsAsciiLetterLower(names[i - 1])))
            {
                if (i > start)
                {
                    words.Add(names[start..i].ToLowerInvariant());
                }

                start = isEnd ? i + 1 : i;
            }
        }

        return words;
    }
}
