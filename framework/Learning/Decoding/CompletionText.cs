using System.Text;

namespace Experiments.Learning.Decoding;

/// <summary>
/// The text of tokens as they arrive: whole characters, searched for texts that end or pause the completion.
/// </summary>
/// <param name="stops">Texts that end it. The text is cut before them.</param>
/// <param name="pauses">Texts after which it pauses. They stay part of the text.</param>
internal sealed class CompletionText(IReadOnlyList<string> stops, IReadOnlyList<string> pauses)
{
    private readonly Utf8Pieces _pieces = new();
    private readonly StringBuilder _all = new();
    private int _shown;
    private int _searched;

    /// <summary>The stop text that was found, or null.</summary>
    public string? Stop { get; private set; }

    /// <summary>Adds the bytes of a token.</summary>
    /// <returns>The text after which it pauses, or null.</returns>
    public string? Add(ReadOnlySpan<byte> bytes) => Search(_pieces.Add(bytes));

    /// <summary>Adds bytes that the model did not write. They are not searched.</summary>
    public void Inject(ReadOnlySpan<byte> bytes)
    {
        _all.Append(_pieces.Add(bytes));
        _searched = _all.Length;
    }

    /// <summary>Ends the text. An incomplete last character becomes U+FFFD.</summary>
    public void End() => Search(_pieces.End());

    /// <summary>
    /// Returns the text that was not returned before. The possible beginning of a stop text is held back until the end.
    /// </summary>
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

    /// <summary>Number of characters at the end that may be the beginning of a stop text.</summary>
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
