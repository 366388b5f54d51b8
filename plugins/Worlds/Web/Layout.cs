using System.Text;
using Experiments.Plugins.Worlds.Pages;

namespace Experiments.Plugins.Worlds.Web;

/// <summary>A style of pages, typical of its time: puts a main text into its boilerplate.</summary>
internal sealed record Layout(string Name, Func<Article, Boilerplate, string> Write)
{
    public static readonly IReadOnlyList<Layout> All =
    [
        new("semantic", Semantic),
        new("tables", Tables),
        new("blocks", Blocks),
        new("weblog", Weblog),
        new("plain", Plain),
    ];

    private static string Semantic(Article article, Boilerplate around) =>
        $"""
        <!DOCTYPE html>
        <html lang="{article.Language}">
        <head>{around.Meta}<title>{Escape(article.Title)} - {around.SiteName}</title><meta name="viewport" content="width=device-width"><style>body {around.Style}</style></head>
        <body>
        <div class="cookie-banner" role="dialog"><p>{around.Cookies}</p><button>Accept all</button> <button>Settings</button></div>
        <header><a href="/" class="logo">{around.SiteName}</a><nav><ul>{Items(around.Menu)}</ul></nav></header>
        <main><article>
        <h1>{Escape(article.Title)}</h1>
        {Paragraphs(article, around)}
        </article></main>
        <aside class="sidebar"><h3>{around.SidebarTitle}</h3><ul>{Items(around.Teasers)}</ul><div class="advert">{around.Advertisement}</div></aside>
        <footer><p>{around.Footer}</p></footer>
        <script>window.metrics = {around.Script};</script>
        </body>
        </html>
        """;

    private static string Tables(Article article, Boilerplate around) =>
        $"""
        <HTML><HEAD>{around.Meta}<TITLE>{Escape(article.Title)}</TITLE></HEAD>
        <BODY BGCOLOR="#FFFFF0"><CENTER><FONT SIZE=5>{around.SiteName}</FONT></CENTER>
        <TABLE WIDTH="100%" BORDER=0><TR><TD WIDTH=160 VALIGN=top BGCOLOR="#DDDDCC">
        {string.Join("<BR>\n", around.Menu.Select(Link))}<HR><B>{around.SidebarTitle}</B><BR>
        {string.Join("<BR>\n", around.Teasers.Select(Link))}
        </TD><TD VALIGN=top>
        <H1>{Escape(article.Title)}</H1>
        {Paragraphs(article, around)}
        </TD></TR><TR><TD COLSPAN=2><FONT SIZE=1>{around.Advertisement} | {around.Footer}</FONT></TD></TR></TABLE>
        </BODY></HTML>
        """;

    private static string Blocks(Article article, Boilerplate around) =>
        $"""
        <!doctype html><html><head>{around.Meta}<title>{around.SiteName}: {Escape(article.Title)}</title><script>var settings = {around.Script}; function go() {around.Style}</script></head>
        <body><div id="top"><div class="brand">{around.SiteName}</div><div class="menu">{string.Join(" | ", around.Menu.Select(Link))}</div></div>
        <div class="ad-slot banner">{around.Advertisement}</div>
        <div id="container"><div class="breadcrumb">{string.Join(" &gt; ", around.Menu.Take(2).Select(Link))}</div>
        <div class="content post-body"><h1 class="headline">{Escape(article.Title)}</h1>
        {Paragraphs(article, around)}
        </div>
        <div class="share-bar"><a href="#">Share</a> <a href="#">Print</a> <a href="#">Send to a friend</a></div>
        <div class="related"><h4>{around.SidebarTitle}</h4>{string.Concat(around.Teasers.Select(teaser => $"<div class=\"teaser\">{Link(teaser)}</div>"))}</div></div>
        <div class="footer">{around.Footer}<div class="cookie-notice">{around.Cookies}</div></div></body></html>
        """;

    private static string Weblog(Article article, Boilerplate around) =>
        $"""
        <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
        <html xmlns="http://www.w3.org/1999/xhtml"><head>{around.Meta}<title>{Escape(article.Title)} &laquo; {around.SiteName}</title></head>
        <body class="single"><div id="wrapper"><div id="header"><h2><a href="/">{around.SiteName}</a></h2><ul id="nav">{Items(around.Menu)}</ul></div>
        <div id="page"><div class="post hentry"><h1 class="entry-title">{Escape(article.Title)}</h1><p class="meta">Posted in <a href="/">Notes</a></p>
        <div class="entry-content">
        {Paragraphs(article, around)}
        </div></div>
        <div id="sidebar"><div class="widget"><h3>{around.SidebarTitle}</h3><ul>{Items(around.Teasers)}</ul></div>
        <div class="widget newsletter"><p>Get our letter every week.</p><form action="/subscribe"><input type="text" name="q" /><input type="submit" value="Subscribe" /></form></div></div></div>
        <div id="footer"><p>{around.Footer}</p><p>{around.Advertisement}</p></div></div></body></html>
        """;

    private static string Plain(Article article, Boilerplate around) =>
        $"""
        <html><head>{around.Meta}<title>{Escape(article.Title)}</title></head><body>
        <p>{string.Join(" - ", around.Menu.Select(Link))}</p><hr>
        <h1>{Escape(article.Title)}</h1>
        {Paragraphs(article, around)}
        <hr><ul>{Items(around.Teasers)}</ul>
        <p><small>{around.Footer}</small></p></body></html>
        """;

    private static string Paragraphs(Article article, Boilerplate around)
    {
        var html = new StringBuilder();
        foreach (var (text, i) in article.Paragraphs.Select((text, i) => (text, i)))
        {
            html.Append("<p>").Append(around.Mark(Escape(text), i)).Append("</p>\n");
        }

        return html.ToString();
    }

    private static string Items(IEnumerable<string> texts) => string.Concat(texts.Select(text => $"<li>{Link(text)}</li>"));

    private static string Link(string text) => $"<a href=\"/topics/{text.Length}\">{Escape(text)}</a>";

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
