using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Tokenizers.Splitting;

/// <summary>Requires a supported regular expression.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SplitExpressionAttribute() : ValidationAttribute("a regular expression of classes, groups, look-around and quantifiers")
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
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
