using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>A stretch of a token: whole characters, or bytes that are none.</summary>
/// <param name="Text">The characters; null for bytes that are a part of a character, or of none.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="Completes">The character that the last of these bytes completes, with those of the tokens before; null when there is none.</param>
public sealed record TokenSpan(string? Text, byte[] Bytes, string? Completes = null);

/// <summary>A token at its place in a text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">The text's bytes before it.</param>
/// <param name="Length">Its bytes; of a special token, those of its text.</param>
/// <param name="IsSpecial">Whether it is a special token.</param>
/// <param name="IsLearned">Whether a model learns it, in a conversation.</param>
/// <param name="Spans">What it is made of.</param>
public sealed record PlacedToken(int Id, int Start, int Length, bool IsSpecial, bool IsLearned, IReadOnlyList<TokenSpan> Spans)
{
    /// <summary>Its bytes.</summary>
    public byte[] Bytes => [.. Spans.SelectMany(span => span.Bytes)];

    /// <summary>For a reader: all characters visible, bytes that are none as <c>&lt;E2 98&gt;</c>, and what they complete as <c>&lt;83=☃&gt;</c>.</summary>
    public string Shown => string.Concat(Spans.Select(span => span.Text is { } text
        ? VisibleText.Show(text)
        : $"<{VisibleText.Hex(span.Bytes)}{(span.Completes is { } character ? "=" + VisibleText.Show(character) : "")}>"));

    /// <summary>For a script: one line with backslash escapes.</summary>
    public string Escaped => string.Concat(Spans.Select(span => span.Text is { } text ? VisibleText.Escape(text) : VisibleText.Escape(span.Bytes)));
}
