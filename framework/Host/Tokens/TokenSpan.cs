using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>A part of a token: whole characters, or bytes that are not whole characters.</summary>
/// <param name="Text">The characters; null for bytes that are part of a character or of no character.</param>
/// <param name="Bytes">The bytes.</param>
/// <param name="Completes">
/// The character that ends with these bytes and began in earlier tokens; null when there is none.
/// </param>
public sealed record TokenSpan(string? Text, byte[] Bytes, string? Completes = null);

/// <summary>A token and its position in a text.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Start">Its position in the text, in bytes.</param>
/// <param name="Length">Its length in bytes; for a special token, the length of its text.</param>
/// <param name="IsSpecial">Whether it is a special token.</param>
/// <param name="IsLearned">Whether it is a token of a conversation that a model learns.</param>
/// <param name="Spans">Its parts.</param>
public sealed record PlacedToken(int Id, int Start, int Length, bool IsSpecial, bool IsLearned, IReadOnlyList<TokenSpan> Spans)
{
    /// <summary>The bytes of the token.</summary>
    public byte[] Bytes => [.. Spans.SelectMany(span => span.Bytes)];

    /// <summary>
    /// For people: all characters visible, bytes that are not characters as <c>&lt;E2 98&gt;</c>, and bytes that
    /// complete a character as <c>&lt;83=☃&gt;</c>.
    /// </summary>
    public string Shown => string.Concat(Spans.Select(span => span.Text is { } text
        ? VisibleText.Show(text)
        : $"<{VisibleText.Hex(span.Bytes)}{(span.Completes is { } character ? "=" + VisibleText.Show(character) : "")}>"));

    /// <summary>For scripts: one line with backslash escapes.</summary>
    public string Escaped => string.Concat(Spans.Select(span => span.Text is { } text ? VisibleText.Escape(text) : VisibleText.Escape(span.Bytes)));
}
