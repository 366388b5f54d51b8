using System.Text;

namespace Experiments.Plugins.Extraction;

/// <summary>
/// Writes blocks as lines of text: one line for each paragraph, heading, list item (<c>- item</c>) and table row
/// (<c>cell | cell</c>). Code keeps its lines.
/// </summary>
internal sealed class TextLines
{
    private readonly List<string> _lines = [];
    private readonly StringBuilder _line = new();
    private string _prefix = "";

    /// <summary>The text of the given blocks, without a heading that repeats the title.</summary>
    public static string Render(IEnumerable<Node> roots, string? title)
    {
        var lines = new TextLines();
        foreach (var root in roots)
        {
            lines.Add(root, title);
            lines.End();
        }

        return string.Join('\n', lines._lines);
    }

    private void Add(Node root, string? title)
    {
        var open = new Stack<(Node Node, int Next)>();
        open.Push((root, 0));
        while (open.TryPop(out var top))
        {
            var (node, next) = top;
            if (next == 0)
            {
                Begin(node);
            }

            if (next < node.Children.Count)
            {
                open.Push((node, next + 1));
                var child = node.Children[next];
                if (child.IsText)
                {
                    Append(child);
                }
                else if (!child.IsRemoved)
                {
                    open.Push((child, 0));
                }
            }
            else
            {
                Close(node, title);
            }
        }
    }

    private void Begin(Node node)
    {
        if (node.Tag is "td" or "th" && !node.HasBlock)
        {
            _line.Append(_line.Length > 0 ? " | " : "");
        }
        else if (node.IsBlock || node.Tag == "br")
        {
            End();
            _prefix = node.Tag == "li" ? "- " : node.Parent?.Tag == "li" ? _prefix : "";
        }
    }

    private void Close(Node node, string? title)
    {
        if (node.Tag is "h1" or "h2" && title is not null && _line.Length > 0 && IsTitle(Node.Collapse(_line.ToString()), title))
        {
            _line.Clear();
        }

        if (node.Tag == "pre")
        {
            EndExactly();
        }

        if (node.IsBlock && node.Tag is not ("td" or "th"))
        {
            End();
            _prefix = "";
        }
    }

    private void Append(Node text)
    {
        if (!text.IsWithin("pre"))
        {
            _line.Append(text.Text);
            return;
        }

        foreach (var line in text.Text.Split('\n').SkipLast(1))
        {
            _line.Append(line);
            EndExactly();
        }

        _line.Append(text.Text.AsSpan(text.Text.LastIndexOf('\n') + 1));
    }

    private void End()
    {
        if (Node.Collapse(_line.ToString()) is { Length: > 0 } line && line.Any(character => character is not ('|' or ' ')))
        {
            _lines.Add(_prefix + line);
            _prefix = "";
        }

        _line.Clear();
    }

    private void EndExactly()
    {
        if (!string.IsNullOrWhiteSpace(_line.ToString()))
        {
            _lines.Add(_line.ToString().TrimEnd());
        }

        _line.Clear();
    }

    private static bool IsTitle(string heading, string title) =>
        title.StartsWith(heading, StringComparison.OrdinalIgnoreCase) || heading.StartsWith(title, StringComparison.OrdinalIgnoreCase);
}
