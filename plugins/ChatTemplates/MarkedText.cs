using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// A text that records for each character whether it came from a message. The marks are kept when it is cut, joined,
/// trimmed or replaced. Two texts with the same characters are equal, whatever their marks.
/// </summary>
internal sealed class MarkedText : IEquatable<MarkedText>
{
    private MarkedText(List<ChatText> runs)
    {
        Runs = runs;
        Text = runs.Count == 1 ? runs[0].Text : string.Concat(runs.Select(run => run.Text));
    }

    /// <summary>The empty text.</summary>
    public static MarkedText Empty { get; } = new([]);

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>The text as runs of characters with the same origin. No run is empty.</summary>
    public IReadOnlyList<ChatText> Runs { get; }

    /// <summary>Makes a text that is the template's own.</summary>
    public static implicit operator MarkedText(string text) => Of([new(text, IsContent: false)]);

    /// <summary>Joins runs.</summary>
    public static MarkedText Of(IEnumerable<ChatText> runs)
    {
        List<ChatText> joined = [];
        foreach (var run in runs.Where(run => run.Text.Length > 0))
        {
            if (joined.Count > 0 && joined[^1] is var last && last.IsContent == run.IsContent && last.Turn == run.Turn)
            {
                joined[^1] = last with { Text = last.Text + run.Text };
            }
            else
            {
                joined.Add(run);
            }
        }

        return joined.Count == 0 && Empty is not null ? Empty : new(joined);
    }

    /// <summary>Joins texts.</summary>
    public static MarkedText Concat(params IEnumerable<MarkedText> texts) => Of(texts.SelectMany(text => text.Runs));

    /// <summary>The characters from one position to another, without the last.</summary>
    public MarkedText Slice(int start, int end)
    {
        List<ChatText> runs = [];
        var at = 0;
        foreach (var run in Runs)
        {
            var (from, to) = (Math.Max(start - at, 0), Math.Min(end - at, run.Text.Length));
            if (from < to)
            {
                runs.Add(run with { Text = run.Text[from..to] });
            }

            at += run.Text.Length;
        }

        return Of(runs);
    }

    /// <summary>A text with other characters and the same origins. The number of characters must be equal.</summary>
    public MarkedText With(string characters)
    {
        var at = 0;
        return Of(Runs.Select(run => run with { Text = characters.Substring((at += run.Text.Length) - run.Text.Length, run.Text.Length) }));
    }

    /// <summary>Rewrites each run on its own, as an escape of single characters does.</summary>
    public MarkedText Map(Func<string, string> rewrite) => Of(Runs.Select(run => run with { Text = rewrite(run.Text) }));

    /// <summary>The text without those characters at its ends for which <paramref name="isTrimmed"/> is true.</summary>
    public MarkedText Trim(Func<char, bool> isTrimmed, bool atStart, bool atEnd)
    {
        var (start, end) = (0, Text.Length);
        while (atStart && start < end && isTrimmed(Text[start]))
        {
            start++;
        }

        while (atEnd && end > start && isTrimmed(Text[end - 1]))
        {
            end--;
        }

        return Slice(start, end);
    }

    /// <summary>
    /// Splits the text at separators, at most <paramref name="limit"/> times. The separator must not be empty.
    /// </summary>
    public List<MarkedText> Split(string separator, int limit = int.MaxValue)
    {
        List<MarkedText> parts = [];
        var start = 0;
        for (var at = Text.IndexOf(separator, StringComparison.Ordinal); at >= 0 && parts.Count < limit; at = Text.IndexOf(separator, start, StringComparison.Ordinal))
        {
            parts.Add(Slice(start, at));
            start = at + separator.Length;
        }

        return [.. parts, Slice(start, Text.Length)];
    }

    /// <summary>Joins texts with a separator between them.</summary>
    public static MarkedText Join(MarkedText separator, IEnumerable<MarkedText> texts) =>
        Concat(texts.SelectMany((text, index) => index == 0 ? new[] { text } : [separator, text]));

    /// <summary>The characters of the text: one for each code point, as in Python.</summary>
    public List<MarkedText> Characters()
    {
        List<MarkedText> characters = [];
        for (var at = 0; at < Text.Length;)
        {
            var length = char.IsSurrogatePair(Text, at) ? 2 : 1;
            characters.Add(Slice(at, at + length));
            at += length;
        }

        return characters;
    }

    /// <inheritdoc/>
    public bool Equals(MarkedText? other) => other is not null && Text == other.Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MarkedText);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
