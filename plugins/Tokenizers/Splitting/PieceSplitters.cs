namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>Chooses splitters.</summary>
internal static class PieceSplitters
{
    private static readonly SplitPattern[] OneExpression = [SplitPattern.Digits, SplitPattern.Gpt2, SplitPattern.Gpt4, SplitPattern.O200k];

    /// <summary>The splitter for an expression. Published expressions have a fast implementation.</summary>
    /// <exception cref="InvalidDataException">
    /// The expression is wrong or not supported; the message names the place.
    /// </exception>
    public static PieceSplitter By(string expression)
    {
        if (Known(new(expression)) is { } published)
        {
            return published;
        }

        return SequenceSplitter.By(expression);
    }

    /// <summary>
    /// The splitter for several steps. Steps that are equivalent to a published pattern have a fast implementation.
    /// </summary>
    public static PieceSplitter Of(IReadOnlyList<SplitStep> steps) => steps switch
    {
        [var only] => Known(only) is { } published ? published : new SequenceSplitter(steps),
        [{ Expression: SplitPatterns.Digit, Behavior: SplitBehavior.Isolated, IsInverted: false }, var second] when Known(second)?.Pattern == SplitPattern.Gpt2 => new PublishedSplitter(SplitPattern.Gpt2Digits),
        _ => new SequenceSplitter(steps),
    };

    private static PublishedSplitter? Known(SplitStep step)
    {
        var found = Array.FindIndex(OneExpression, pattern => pattern.Expressions().Contains(step.Expression));
        return found >= 0 && step.Behavior == SplitBehavior.Isolated && !step.IsInverted ? new(OneExpression[found]) : null;
    }
}
