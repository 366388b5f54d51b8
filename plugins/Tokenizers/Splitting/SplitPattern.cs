namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>The published ways to cut text into pieces before the merges.</summary>
public enum SplitPattern
{
    /// <summary>Qwen2's: the one of GPT-4 with every digit on its own, which makes arithmetic learnable.</summary>
    Digits,

    /// <summary>GPT-2's.</summary>
    Gpt2,

    /// <summary>SmolLM2's: every digit on its own, then GPT-2's.</summary>
    Gpt2Digits,

    /// <summary>GPT-4's (cl100k): numbers in groups of up to three digits.</summary>
    Gpt4,

    /// <summary>GPT-4o's (o200k): words break at a change of case, marks belong to words.</summary>
    O200k,
}

/// <summary>The published regular expressions. <see cref="PublishedSplitter"/> cuts as they do.</summary>
internal static class SplitPatterns
{
    /// <summary>A digit of any script, which <see cref="SplitPattern.Gpt2Digits"/> cuts out before GPT-2's expression sees the text.</summary>
    public const string Digit = @"\p{N}";

    private const string Contractions = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Word = @"[^\r\n\p{L}\p{N}]?\p{L}+";
    private const string Symbols = @" ?[^\s\p{L}\p{N}]+";
    private const string Upper = @"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]";
    private const string Lower = @"[\p{Ll}\p{Lm}\p{Lo}\p{M}]";

    /// <summary>All expressions that cut alike: the one above, and the form in which others publish it, with possessive quantifiers.</summary>
    public static IReadOnlyList<string> Expressions(this SplitPattern pattern) => pattern switch
    {
        SplitPattern.Gpt2 => [pattern.Expression(), @"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"],
        SplitPattern.Gpt4 => [pattern.Expression(), @"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"],
        _ => [pattern.Expression()],
    };

    /// <summary>The expression; that of <see cref="SplitPattern.Gpt2Digits"/> comes after a cut around every digit.</summary>
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
