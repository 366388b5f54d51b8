namespace Experiments.Plugins.Extraction;

/// <summary>Finds the block that holds the main text, cleans it and writes it as lines.</summary>
internal static class MainText
{
    private const int MinParagraph = 25;

    // The length from which trafilatura takes an extraction as successful (MIN_EXTRACTED_SIZE). Unit: characters.
    private const int MinArticle = 250;

    /// <summary>The main text, or an empty string.</summary>
    /// <remarks>
    /// The first attempt believes the names in class and id. If it finds less than an article, or less than half of the
    /// article text in the page's JSON-LD, a second attempt ignores the names, as in Readability. If that is too little
    /// as well, the text in the JSON-LD is taken.
    /// </remarks>
    public static string Of(Page page)
    {
        if (page.Nodes.Count == 0)
        {
            return "";
        }

        var stated = page.StatedText is { } body ? Node.Collapse(body) : "";
        var text = Attempt(page, believeNames: true);
        var enough = Math.Max(MinArticle, stated.Length / 2);
        if (text.Length < enough && Attempt(page, believeNames: false) is var second && second.Length > 2 * text.Length)
        {
            text = second;
        }

        return text.Length < enough && stated.Length > text.Length ? stated : text;
    }

    private static string Attempt(Page page, bool believeNames)
    {
        foreach (var node in page.Nodes)
        {
            (node.IsRemoved, node.Score) = (false, 0);
        }

        Measure(page.Nodes);
        RemoveBoilerplate(page.Nodes, believeNames);
        Measure(page.Nodes);
        if (BestBlock(page.Nodes) is not { } best)
        {
            return "";
        }

        var roots = WithSiblings(best);
        foreach (var root in roots)
        {
            Clean(root);
        }

        Measure(page.Nodes);
        return TextLines.Render(roots, page.Title);
    }

    /// <summary>Counts text, links and commas from the leaves upwards: it goes through the list from its end.</summary>
    private static void Measure(List<Node> nodes)
    {
        foreach (var node in nodes)
        {
            node.IsRemoved |= node.Parent?.IsRemoved == true;
            (node.Length, node.LinkLength, node.Commas, node.ProseLength) = (0, 0, 0, 0);
        }

        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            var node = nodes[i];
            if (node.IsRemoved)
            {
                continue;
            }

            if (node.IsText)
            {
                node.Length = node.Text.Length == 0 ? 0 : Node.Collapse(node.Text).Length;
                node.Commas = node.Text.AsSpan().CountAny(",،、，");
            }

            if (node.Tag == "a")
            {
                node.LinkLength = node.Length;
            }

            if (node.Tag is "p" or "blockquote" or "pre")
            {
                node.ProseLength = node.Length - node.LinkLength;
            }

            if (node.Parent is { } parent)
            {
                parent.Length += node.Length;
                parent.LinkLength += node.LinkLength;
                parent.Commas += node.Commas;
                parent.ProseLength += node.ProseLength;
            }
        }
    }

    private static void RemoveBoilerplate(List<Node> nodes, bool believeNames)
    {
        var body = nodes[0];
        foreach (var node in nodes)
        {
            // Names can be wrong: an element that holds most of the page's prose is not a sidebar.
            var holdsThePage = node.ProseLength > 0.5 * body.ProseLength && node.Length > 0.3 * body.Length;
            if (!node.IsRemoved && !node.IsText && Boilerplate.IsBoilerplate(node, believeNames) && !holdsThePage)
            {
                node.IsRemoved = true;
            }

            node.IsRemoved |= node.Parent?.IsRemoved == true;
        }
    }

    /// <summary>
    /// The block with the best score. As in Readability, paragraphs add to the scores of their ancestors, less with
    /// every level, and a high share of links reduces a score.
    /// </summary>
    private static Node? BestBlock(List<Node> nodes)
    {
        var candidates = new HashSet<Node>();
        foreach (var node in nodes.Where(node => !node.IsRemoved && node.Length >= MinParagraph && IsParagraph(node)))
        {
            var score = 1 + node.Commas + Math.Min(node.Length / 100, 3);
            var ancestor = node.Parent;
            for (var level = 0; level < 5 && ancestor is not null; level++, ancestor = ancestor.Parent)
            {
                if (candidates.Add(ancestor))
                {
                    ancestor.Score = TagScore(ancestor.Tag) + (25 * Boilerplate.Weight(ancestor));
                }

                ancestor.Score += (double)score / (level switch { 0 => 1, 1 => 2, _ => level * 3 });
            }
        }

        foreach (var candidate in candidates)
        {
            candidate.Score *= 1 - candidate.LinkDensity;
        }

        return nodes.Where(candidates.Contains).MaxBy(node => node.Score);
    }

    private static bool IsParagraph(Node node) =>
        node.Tag is "p" or "pre" or "blockquote" or "td" or "li" or "dd" ? !node.HasBlock : node.Tag is "div" or "section" or "article" && !node.HasBlock;

    private static double TagScore(string tag) => tag switch
    {
        "article" or "main" => 10,
        "div" or "section" => 5,
        "pre" or "td" or "blockquote" => 3,
        "address" or "ol" or "ul" or "dl" or "dd" or "dt" or "li" or "form" => -3,
        "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "th" => -5,
        _ => 0,
    };

    /// <summary>The block, and those of its siblings that look like parts of the same text.</summary>
    private static List<Node> WithSiblings(Node best)
    {
        if (best.Parent is null)
        {
            return [best];
        }

        var enough = Math.Max(10, best.Score * 0.2);
        return [.. best.Parent.Children.Where(node => node == best || (!node.IsRemoved && (
            node.Score >= enough || (node.Tag == "p" && node.LinkDensity < 0.25 && node.Length > 80))))];
    }

    /// <summary>Removes blocks that consist mostly of links.</summary>
    private static void Clean(Node root)
    {
        var pending = new Stack<Node>([root]);
        while (pending.TryPop(out var node))
        {
            foreach (var child in node.Children)
            {
                if (child.IsText || child.IsRemoved)
                {
                    continue;
                }

                if (child.IsBlock && IsLinks(child))
                {
                    child.IsRemoved = true;
                }
                else
                {
                    pending.Push(child);
                }
            }
        }
    }

    private static bool IsLinks(Node node) => node.Tag switch
    {
        "ul" or "ol" or "div" or "section" or "table" or "dl" => node.LinkDensity > 0.5,
        "p" or "li" => node.LinkDensity > 0.9 && node.Length < 200,
        "form" => node.Commas < 3,
        _ => false,
    };
}
