namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>The published ways to split text into pieces before merging.</summary>
public enum SplitPattern
{
    /// <summary>
    /// Qwen2's: GPT-4's pattern with every digit as a piece of its own, which makes arithmetic easier to learn.
    /// </summary>
    Digits,

    /// <summary>GPT-2's.</summary>
    Gpt2,

    /// <summary>SmolLM2's: every digit is split off first, then GPT-2's pattern is applied.</summary>
    Gpt2Digits,

    /// <summary>GPT-4's (cl100k): numbers in groups of up to three digits.</summary>
    Gpt4,

    /// <summary>GPT-4o's (o200k): words are split at a change of case, and marks belong to words.</summary>
    O200k,
}

/// <summary>The published regular expressions. <see cref="PublishedSplitter"/> splits like them.</summary>
internal static class SplitPatterns
{
    /// <summary>
    /// A digit of any script, which <see cref="SplitPattern.Gpt2Digits"/> splits off before it applies GPT-2's
    /// expression.
    /// </summary>
    public const string Digit = @"\p{N}";

    private const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Word = @"[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Symbols = @" ?[^\s\p{L}\p{N}]+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    /// <summary>
    /// All published expressions of a pattern, which split in the same way: the one of <see cref="Expression"/>, and
    /// the form with possessive quantifiers that others publish.
    /// </summary>
    public static IReadOnlyList<string> Expressions(this SplitPattern pattern) => pattern switch
    {
        SplitPattern.Gpt2 => [pattern.Expression(), @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"],
        SplitPattern.Gpt4 => [pattern.Expression(), @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"],
        _ => [pattern.Expression()],
    };

    /// <summary>
    /// The expression of a pattern. That of <see cref="SplitPattern.Gpt2Digits"/> is applied after every digit was
    /// split off.
    /// </summary>
    public static string Expression(this SplitPattern pattern) => pattern switch
    {
        SplitPattern.Gpt2 or SplitPattern.Gpt2Digits => @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        SplitPattern.Gpt4 => $@"{Contractions}|{Word}|\p{{N}}{{1,3}}|{Symbols}[\r\n]*|{Spaces}",
        SplitPattern.Digits => $@"{Contractions}|{Word}|\p{{N}}|{Symbols}[\r\n]*|{Spaces}",
        SplitPattern.O200k => $@"[^\r\n\p{{L}}\p{{N}}]?{Upper}*{Lower}+{Contractions}?|[^\r\n\p{{L}}\p{{N}}]?{Upper}+{Lower}*{Contractions}?"
            + $@"|\p{{N}}{{1,3}}|{Symbols}[\r\n/]*|{Spaces}",
        _ => throw new ArgumentOutOfRangeException(nameof(pattern), pattern, "No such pattern."),
    };
}
