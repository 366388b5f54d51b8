using System.Text;

namespace Experiments.Learning;

/// <summary>The text of tokens as they come: whole characters, searched for texts that end it or let it pause.</summary>
/// <param name="stops">Texts that end it; it stops in front of them.</param>
/// <param name="pauses">Texts behind which it pauses; they stay.</param>
internal sealed class CompletionText(IReadOnlyList<string> stops, IReadOnlyList<string> pauses)
{
    private readonly Utf8Pieces _pieces = new();
    private readonly StringBuilder _all = new();
    private int _shown;
    private int _searched;

    /// <summary>The stop text that was met, or null.</summary>
    public string? Stop { get; private set; }

    /// <summary>Takes the bytes of a token.</summary>
    /// <returns>The text that it paused behind, or null.</returns>
    public string? Add(ReadOnlySpan<byte> bytes) => Search(_pieces.Add(bytes));

    /// <summary>Takes bytes that the model did not write: nothing is looked for in them.</summary>
    public void Inject(ReadOnlySpan<byte> bytes)
    {
        _all.Append(_pieces.Add(bytes));
        _searched = _all.Length;
    }

    /// <summary>Takes what stands for a character that never became complete.</summary>
    public void End() => Search(_pieces.End());

    /// <summary>What may be shown now and was not shown yet. What may be the beginning of a stop text is held back until the end.</summary>
    public string Show(bool isLast)
    {
        var end = _all.Length - (isLast || Stop is not null ? 0 : LongestBeginning());
        var shown = _all.ToString(_shown, Math.Max(0, end - _shown));
        _shown = Math.Max(_shown, end);
        return shown;
    }

    /// <inheritdoc/>
    public override string ToString() => _all.ToString();

    private string? Search(string added)
    {
        if (Stop is not null || added.Length == 0)
        {
            return null;
        }

        _all.Append(added);
        var longest = stops.Concat(pauses).Select(text => text.Length).DefaultIfEmpty(0).Max();
        var start = Math.Max(_searched, _all.Length - added.Length - longest + 1);
        var recent = _all.ToString(start, _all.Length - start);
        var (place, stop) = First(recent, stops);
        var (pausePlace, pause) = First(recent, pauses);
        if (stop is not null && (pause is null || place <= pausePlace))
        {
            Stop = stop;
            _all.Length = start + place;
            return null;
        }

        _searched = pause is null ? _searched : start + pausePlace + pause.Length;
        return pause;
    }

    private static (int Place, string? Text) First(string text, IReadOnlyList<string> wanted)
    {
        var (first, found) = (int.MaxValue, (string?)null);
        foreach (var each in wanted)
        {
            var place = text.IndexOf(each, StringComparison.Ordinal);
            if (place >= 0 && place < first)
            {
                (first, found) = (place, each);
            }
        }

        return (first, found);
    }

    /// <summary>Characters at the end that may be the beginning of a stop text.</summary>
    private int LongestBeginning()
    {
        var longest = stops.Select(text => text.Length - 1).DefaultIfEmpty(0).Max();
        var length = Math.Min(longest, _all.Length);
        var end = _all.ToString(_all.Length - length, length);
        for (; length > 0; length--)
        {
            if (stops.Any(stop => stop.Length > length && end.AsSpan(end.Length - length).SequenceEqual(stop.AsSpan(0, length))))
            {
                return length;
            }
        }

        return 0;
    }
}
