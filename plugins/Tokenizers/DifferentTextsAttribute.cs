using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Requires texts that are all different and not empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DifferentTextsAttribute() : ValidationAttribute("all different and not empty")
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var texts = value as IReadOnlyList<string> ?? [];
        var twice = texts.GroupBy(text => text).FirstOrDefault(group => group.Count() > 1)?.Key;
        return texts.Contains("") ? new("none of the texts may be empty.")
            : twice is not null ? new($"'{twice}' is given twice.")
            : ValidationResult.Success;
    }
}
