using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Tokenizers;

/// <summary>Wants texts that all differ, and none empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DifferentTextsAttribute() : ValidationAttribute("all different and none empty")
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var texts = value as IReadOnlyList<string> ?? [];
        var twice = texts.GroupBy(text => text).FirstOrDefault(group => group.Count() > 1)?.Key;
        return texts.Contains("") ? new("none of the texts may be empty.")
            : twice is not null ? new($"'{twice}' stands there twice.")
            : ValidationResult.Success;
    }
}
