using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>Requires a supported regular expression.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SplitExpressionAttribute() : ValidationAttribute("a regular expression of classes, groups, look-around and quantifiers")
{
    /// <summary>The longest expression. Published ones have up to 500 characters; the cost of reading one grows faster than its length.</summary>
    private const int Longest = 2_000;

    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        if (value is string { Length: > Longest } text)
        {
            return new($"the expression has {text.Length:N0} characters; {Longest:N0} are the most.");
        }

        try
        {
            _ = value is string expression ? PieceSplitters.By(expression) : null;
            return ValidationResult.Success;
        }
        catch (InvalidDataException problem)
        {
            return new(problem.Message + ".");
        }
    }
}
