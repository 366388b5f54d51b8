using System.Buffers;
using System.Text.RegularExpressions;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>What becomes of what an expression finds.</summary>
public enum SplitBehavior
{
    /// <summary>It is a piece of its own, and what lies between is one too.</summary>
    Isolated,

    /// <summary>It ends the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>It begins the piece behind it.</summary>
    MergedWithNext,

    /// <summary>What is found side by side is one piece.</summary>
    Contiguous,
}

/// <summary>One cut by an expression.</summary>
/// <param name="Expression">As written, in the manner of Rust's or Oniguruma's.</param>
public sealed record SplitStep(string Expression)
{
    private readonly Lazy<Regex> _compiled = new(() => SplitExpression.Compile(Expression));

    /// <summary>What becomes of what is found. Default: it is a piece of its own.</summary>
    public SplitBehavior Behavior { get; init; }

    /// <summary>Whether what lies between the finds counts as found.</summary>
    public bool IsInverted { get; init; }

    internal Regex Compiled => _compiled.Value;

    /// <inheritdoc/>
    public bool Equals(SplitStep? other) => other is not null && (Expression, Behavior, IsInverted) == (other.Expression, other.Behavior, other.IsInverted);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Expression, Behavior, IsInverted);
}

/// <summary>Cuts by regular expressions, one after another, each within the pieces of those before, as Hugging Face's pre-tokenizers do.</summary>
/// <param name="Steps">The cuts, the first first; none leaves a text whole.</param>
public sealed record SequenceSplitter(IReadOnlyList<SplitStep> Steps) : PieceSplitter
{
    /// <summary>Cuts by one expression of one's own.</summary>
    /// <exception cref="InvalidDataException">It is wrong, or holds what is not followed; the message names the place.</exception>
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

    /// <summary>UTF-16, with the byte at which each unit's character ends; a byte that begins no character is U+FFFD.</summary>
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

    /// <param name="units">The part to cut.</param>
    /// <param name="first">Where it begins among all units.</param>
    /// <param name="step">The step that cuts it.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="ends">Bytes at which the characters of all units end.</param>
    /// <param name="sink">Takes the pieces.</param>
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

        // Parts come as found and not found, in turn; a part is passed on once it is known what joins it.
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
