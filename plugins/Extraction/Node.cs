using System.Text;

namespace Experiments.Plugins.Extraction;

/// <summary>An element or a text node of a page, with the counts that scoring needs.</summary>
internal sealed class Node(Node? parent, string tag, string text, string names, string role)
{
    /// <summary>The tag of a text node.</summary>
    public const string TextTag = "#text";

    private static readonly HashSet<string> BlockTags =
    [
        "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure",
        "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    ];

    public Node? Parent { get; } = parent;

    public string Tag { get; } = tag;

    public string Text { get; } = text;

    /// <summary>The values of class and id.</summary>
    public string Names { get; } = names;

    public string Role { get; } = role;

    public List<Node> Children { get; } = [];

    public bool IsRemoved { get; set; }

    /// <summary>Characters of text in the node and below it.</summary>
    public int Length { get; set; }

    public int LinkLength { get; set; }

    /// <summary>Commas in the node and below it, in all scripts. Prose has commas, menus do not.</summary>
    public int Commas { get; set; }

    /// <summary>Characters in paragraphs in the node and below it, without those in links.</summary>
    public int ProseLength { get; set; }

    public double Score { get; set; }

    public bool IsText => Tag == TextTag;

    public bool IsBlock => BlockTags.Contains(Tag);

    public bool HasBlock => Children.Any(child => !child.IsRemoved && (child.IsBlock || (child.Tag is "a" or "span" && child.Children.Any(inner => inner.IsBlock))));

    public double LinkDensity => Length == 0 ? 0 : (double)LinkLength / Length;

    public bool IsWithin(params ReadOnlySpan<string> tags)
    {
        for (var node = Parent; node is not null; node = node.Parent)
        {
            if (tags.Contains(node.Tag))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text with each run of white space replaced by one space, and with none at its ends.</summary>
    public static string Collapse(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (!char.IsWhiteSpace(character))
            {
                collapsed.Append(character);
            }
            else if (collapsed.Length > 0 && collapsed[^1] != ' ')
            {
                collapsed.Append(' ');
            }
        }

        return collapsed.ToString().TrimEnd();
    }
}
