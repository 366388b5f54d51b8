using System.Buffers;

namespace Experiments.Contracts.Text;

/// <summary>A conversation as one text, with its control tokens and the parts that came from each message.</summary>
internal sealed class RenderedChat
{
    private readonly List<(int Start, ChatText Part)> _parts = [];

    /// <summary>
    /// Joins the parts, and finds the special tokens in the text of the format itself. The leftmost is found first;
    /// among those at one position, the longest.
    /// </summary>
    /// <param name="parts">The parts, in order.</param>
    /// <param name="special">The ids of the special tokens.</param>
    /// <param name="search">Searches for their texts.</param>
    public RenderedChat(
        IReadOnlyList<ChatText> parts, IReadOnlyDictionary<string, int> special, SearchValues<string> search)
    {
        Text = string.Concat(parts.Select(part => part.Text));
        var (start, ownStart) = (0, 0);
        foreach (var part in parts.Where(part => part.Text.Length > 0))
        {
            if (part.IsContent)
            {
                FindControls(ownStart, start, special, search);
                ownStart = start + part.Text.Length;
            }

            _parts.Add((start, part));
            start += part.Text.Length;
        }

        FindControls(ownStart, start, special, search);
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>The special tokens in it, in order.</summary>
    public List<(int Start, int End, int Id)> Controls { get; } = [];

    /// <summary>Where the content of a message begins and ends, or null if the text does not contain it.</summary>
    public (int Start, int End)? ContentOf(int turn)
    {
        var first = _parts.FindIndex(part => part.Part.Turn == turn);
        var last = _parts.FindLastIndex(part => part.Part.Turn == turn);
        return first < 0 ? null : (_parts[first].Start, _parts[last].Start + _parts[last].Part.Text.Length);
    }

    /// <summary>
    /// The first special token from a position on; null if there is none, or if text of a message comes first.
    /// </summary>
    public (int Start, int End, int Id)? ControlAfter(int at)
    {
        var next = Controls.FindIndex(control => control.Start >= at);
        var content = _parts.FindIndex(part => part.Part.IsContent && part.Start >= at);
        return next < 0 || (content >= 0 && _parts[content].Start < Controls[next].Start) ? null : Controls[next];
    }

    private void FindControls(int start, int end, IReadOnlyDictionary<string, int> special, SearchValues<string> search)
    {
        for (var at = start; at < end;)
        {
            var own = Text.AsSpan(at, end - at);
            var found = own.IndexOfAny(search);
            if (found < 0)
            {
                return;
            }

            var token = Longest(own[found..], special.Keys);
            Controls.Add((at + found, at + found + token.Length, special[token]));
            at += found + token.Length;
        }
    }

    private static string Longest(ReadOnlySpan<char> text, IEnumerable<string> tokens)
    {
        var longest = "";
        foreach (var token in tokens)
        {
            if (token.Length > longest.Length && text.StartsWith(token, StringComparison.Ordinal))
            {
                longest = token;
            }
        }

        return longest;
    }
}
