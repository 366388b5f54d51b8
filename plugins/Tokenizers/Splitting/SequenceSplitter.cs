using System.Buffers;
using System.Text.RegularExpressions;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>What happens to the matches of an expression.</summary>
public enum SplitBehavior
{
    /// <summary>Each match is a piece, and so is the text between two matches.</summary>
    Isolated,

    /// <summary>A match ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>A match begins the piece after it.</summary>
    MergedWithNext,

    /// <summary>Adjacent matches are one piece.</summary>
    Contiguous,
}

/// <summary>One step that splits by an expression.</summary>
/// <param name="Expression">The expression as written, in the syntax of Rust or Oniguruma.</param>
public sealed record SplitStep(string Expression)
{
    private readonly Lazy<Regex> _compiled = new(() => SplitExpression.Compile(Expression));

    /// <summary>What happens to the matches. Default: each match is a piece.</summary>
    public SplitBehavior Behavior { get; init; }

    /// <summary>Whether the text between matches is treated as the matches.</summary>
    public bool IsInverted { get; init; }

    internal Regex Compiled => _compiled.Value;

    /// <inheritdoc/>
    public bool Equals(SplitStep? other) => other is not null && (Expression, Behavior, IsInverted) == (other.Expression, other.Behavior, other.IsInverted);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Expression, Behavior, IsInverted);
}

/// <summary>
/// Splits by regular expressions, one after another, each within the pieces of the one before, like Hugging Face's
/// pre-tokenizers.
/// </summary>
/// <param name="Steps">The steps in order. Without steps a text is one piece.</param>
public sealed record SequenceSplitter(IReadOnlyList<SplitStep> Steps) : PieceSplitter
{
    /// <summary>A splitter by one custom expression.</summary>
    /// <exception cref="InvalidDataException">
    /// The expression is wrong or not supported; the message names the place.
    /// </exception>
    public static SequenceSplitter By(string expression)
    {
        var step = new SplitStep(expression);
        _ = step.Compiled;
        return new([step]);
    }

    /// <inheritdoc/>
    public bool Equals(SequenceSplitter? other) => other is not null && Steps.SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => Steps.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    internal override void Split<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
    {
        var units = ArrayPool<char>.Shared.Rent(text.Length);
        var ends = ArrayPool<int>.Shared.Rent(text.Length);
        try
        {
            var count = Decode(text, units, ends);
            Cut(units.AsSpan(0, count), 0, 0, text, ends, ref sink);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(units);
            ArrayPool<int>.Shared.Return(ends);
        }
    }

    /// <summary>
    /// Decodes to UTF-16, with the byte position at which each unit's character ends. A byte that does not begin a
    /// character becomes U+FFFD.
    /// </summary>
    private static int Decode(ReadOnlySpan<byte> text, char[] units, int[] ends)
    {
        var count = 0;
        for (int at = 0, width; at < text.Length; at += width)
        {
            var code = Utf8Character.Decode(text[at..], out width);
            if (code > 0xFFFF)
            {
                (units[count], ends[count++]) = ((char)(0xD7C0 + (code >> 10)), at + width);
                code = 0xDC00 | (code & 0x3FF);
            }

            (units[count], ends[count++]) = (code < 0 ? '\uFFFD' : (char)code, at + width);
        }

        return count;
    }

    /// <param name="units">The part to split.</param>
    /// <param name="first">Index of the part's first unit among all units.</param>
    /// <param name="step">Index of the step that splits it.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="ends">Byte positions at which the characters of all units end.</param>
    /// <param name="sink">Receives the pieces.</param>
    private void Cut<TSink>(ReadOnlySpan<char> units, int first, int step, ReadOnlySpan<byte> text, int[] ends, ref TSink sink)
        where TSink : IPieceSink, allows ref struct
    {
        if (units.IsEmpty)
        {
            return;
        }

        if (step == Steps.Count)
        {
            sink.Add(text, first == 0 ? 0 : ends[first - 1], ends[first + units.Length - 1]);
            return;
        }

        // Matches and the text between them alternate. A part is passed on when it is known what is joined to it.
        var (start, end, wasFound) = (0, 0, false);
        var rule = Steps[step];
        foreach (var match in rule.Compiled.EnumerateMatches(units))
        {
            if (match.Length > 0)
            {
                Part(text, units, match.Index, rule.IsInverted, ref sink);
                Part(text, units, match.Index + match.Length, !rule.IsInverted, ref sink);
            }
        }

        Part(text, units, units.Length, rule.IsInverted, ref sink);
        Cut(units[start..], first + start, step + 1, text, ends, ref sink);

        void Part(ReadOnlySpan<byte> text, ReadOnlySpan<char> units, int to, bool isFound, ref TSink sink)
        {
            if (to == end)
            {
                return;
            }

            var joins = rule.Behavior switch
            {
                SplitBehavior.MergedWithPrevious => isFound && !wasFound,
                SplitBehavior.MergedWithNext => wasFound && !isFound,
                SplitBehavior.Contiguous => isFound == wasFound,
                _ => false,
            };
            if (end > start && !joins)
            {
                Cut(units[start..end], first + start, step + 1, text, ends, ref sink);
                start = end;
            }

            (end, wasFound) = (to, isFound);
        }
    }
}
