using System.ComponentModel.DataAnnotations;

namespace Experiments.Plugins.Filters.Languages;

/// <summary>Refuses codes of languages that <see cref="LanguageDetector"/> never gives, because no document would ever be kept.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KnownLanguagesAttribute : ValidationAttribute
{
    /// <inheritdoc/>
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        (value as IEnumerable<string> ?? []).FirstOrDefault(code => !LanguageDetector.Known.Contains(code)) is { } unknown
            ? new($"no language '{unknown}' is detected. Codes: {string.Join(", ", LanguageDetector.Known)}.")
            : ValidationResult.Success;
}
