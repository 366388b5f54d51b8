using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace Experiments.Plugins.Extraction;

/// <summary>
/// A parsed page as a flat list of nodes in document order. Every parent comes before its children, so all passes are
/// loops.
/// </summary>
internal sealed class Page
{
    /// <summary>The nodes; the first is the body.</summary>
    public List<Node> Nodes { get; } = [];

    /// <summary>The title: <c>og:title</c> if the page has it, otherwise <c>title</c>.</summary>
    public string? Title { get; private set; }

    /// <summary>The article's text from the page's JSON-LD, or null if there is none.</summary>
    public string? StatedText { get; private set; }

    /// <summary>Parses HTML.</summary>
    public static Page Parse(HtmlParser parser, string html)
    {
        using var document = parser.ParseDocument(html);
        var page = new Page
        {
            Title = Node.Collapse(document.QuerySelector("meta[property='og:title']")?.GetAttribute("content") ?? document.Title ?? ""),
            StatedText = document.QuerySelectorAll("script[type='application/ld+json']").Select(script => ArticleBody(script.TextContent)).FirstOrDefault(text => text is not null),
        };
        var pending = new Stack<(INode Source, Node? Parent)>();
        pending.Push(((INode?)document.Body ?? document.DocumentElement, null));
        while (pending.TryPop(out var next))
        {
            if (page.Add(next.Source, next.Parent) is { } node)
            {
                // The children are pushed in reverse, so that the stack returns them in order. They are reached by
                // index: asking each for its sibling would take quadratic time.
                var children = next.Source.ChildNodes;
                for (var i = children.Length - 1; i >= 0; i--)
                {
                    pending.Push((children[i], node));
                }
            }
        }

        return page;
    }

    private Node? Add(INode source, Node? parent)
    {
        var node = source switch
        {
            IText text when text.Data.Length > 0 => new Node(parent, Node.TextTag, text.Data, "", ""),
            IElement element when !Boilerplate.IsInvisible(element) => new Node(
                parent, element.LocalName, "", $"{element.ClassName} {element.Id}", element.GetAttribute("role") ?? ""),
            _ => null,
        };
        if (node is not null)
        {
            parent?.Children.Add(node);
            Nodes.Add(node);
        }

        return node;
    }

    private static string? ArticleBody(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32, AllowTrailingCommas = true });
            var pending = new Stack<JsonElement>([document.RootElement]);
            while (pending.TryPop(out var element))
            {
                if (element.ValueKind == JsonValueKind.Array)
                {
                    foreach (var item in element.EnumerateArray())
                    {
                        pending.Push(item);
                    }
                }
                else if (element.ValueKind == JsonValueKind.Object)
                {
                    if (element.TryGetProperty("articleBody", out var body) && body.ValueKind == JsonValueKind.String)
                    {
                        return body.GetString();
                    }

                    foreach (var property in element.EnumerateObject())
                    {
                        pending.Push(property.Value);
                    }
                }
            }
        }
        catch (JsonException)
        {
            // A page may contain anything here; text that is not JSON is ignored.
        }

        return null;
    }
}
