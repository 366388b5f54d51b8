using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Experiments.Engine.Plugins;

/// <summary>Checks the DataAnnotations attributes of an option and describes them in words.</summary>
internal static class OptionRules
{
    /// <summary>The bounds in words, or null when there are none.</summary>
    public static string? Allowed(OptionDescription option)
    {
        string[] texts = [.. option.Rules.Select(rule => Text(rule, option)).OfType<string>()];
        return texts.Length == 0 ? null : string.Join(", ", texts);
    }

    /// <summary>
    /// The message of the first custom rule that a value breaks; null when it breaks none. Custom rules are validation
    /// attributes of a plugin, for example one that parses an expression and reports the position of the error.
    /// </summary>
    public static string? Objection(OptionDescription option, object? value) => option.Rules
        .Where(rule => rule.GetType().Assembly != typeof(ValidationAttribute).Assembly && !Holds(rule, value))
        .Select(rule => rule.GetValidationResult(value, new ValidationContext(new object()) { MemberName = option.Name })?.ErrorMessage)
        .FirstOrDefault();

    /// <summary>
    /// Whether a value meets the rules. For a list, ranges, patterns and allowed values apply to each item.
    /// </summary>
    public static bool Holds(OptionDescription option, object? value)
    {
        foreach (var rule in option.Rules)
        {
            var isOfItems = value is IEnumerable and not string && rule is RangeAttribute or AllowedValuesAttribute or DeniedValuesAttribute or RegularExpressionAttribute;
            var holds = isOfItems && value is IEnumerable items ? items.Cast<object?>().All(item => Holds(rule, item)) : Holds(rule, value);
            if (!holds)
            {
                return false;
            }
        }

        return true;
    }

    private static bool Holds(ValidationAttribute rule, object? value) => rule switch
    {
        AllowedValuesAttribute when value is null => true,
        AllowedValuesAttribute allowed when IsNumber(value) => allowed.Values.Any(each => each is not null && ToDouble(each) == ToDouble(value)),
        RangeAttribute range when value is not null && IsNumber(value) && IsNumber(range.Minimum) => IsWithin(range, ToDouble(value)),
        _ => IsValid(rule, value),
    };

    /// <summary>Asks a rule. One of the framework fails when a plugin gives it arguments that do not fit the option.</summary>
    private static bool IsValid(ValidationAttribute rule, object? value)
    {
        try
        {
            return rule.IsValid(value);
        }
        catch (Exception problem) when (rule.GetType().Assembly == typeof(ValidationAttribute).Assembly)
        {
            throw new InvalidPluginException($"The rule {rule.GetType().Name} of an option cannot be checked: {problem.Message}");
        }
    }

    private static bool IsWithin(RangeAttribute range, double value)
    {
        var (low, high) = (ToDouble(range.Minimum), IsOpen(range.Maximum) ? double.PositiveInfinity : ToDouble(range.Maximum));
        return (range.MinimumIsExclusive ? value > low : value >= low) && (range.MaximumIsExclusive ? value < high : value <= high);
    }

    private static string? Text(ValidationAttribute rule, OptionDescription option)
    {
        var unit = option.Shape is ListShape or MapShape ? "items" : "characters";
        string Count(int count) => count == 1 ? $"1 {unit[..^1]}" : $"{count} {unit}";
        return rule switch
        {
            RangeAttribute range => RangeText(range),
            AllowedValuesAttribute allowed => "one of " + string.Join(", ", allowed.Values.Select(Text)),
            DeniedValuesAttribute denied => "none of " + string.Join(", ", denied.Values.Select(Text)),
            MinLengthAttribute length => $"at least {Count(length.Length)}",
            MaxLengthAttribute length => $"at most {Count(length.Length)}",
            LengthAttribute length when length.MinimumLength == length.MaximumLength => Count(length.MinimumLength),
            LengthAttribute length => $"{length.MinimumLength} to {length.MaximumLength} {unit}",
            StringLengthAttribute length => $"{length.MinimumLength} to {length.MaximumLength} {unit}",
            RegularExpressionAttribute pattern => $"matching {pattern.Pattern}",
            RequiredAttribute => "not empty",
            _ => rule.FormatErrorMessage(option.Name).TrimEnd('.'),
        };
    }

    private static string RangeText(RangeAttribute range)
    {
        var (low, high) = (Text(range.Minimum), Text(range.Maximum));
        var from = range.MinimumIsExclusive ? $"more than {low}" : $"at least {low}";
        var to = range.MaximumIsExclusive ? $"less than {high}" : $"at most {high}";
        return IsOpen(range.Maximum) ? from
            : IsOpenBelow(range.Minimum) ? to
            : range.MinimumIsExclusive || range.MaximumIsExclusive ? $"{from} and {to}" : $"{low} to {high}";
    }

    /// <summary>Whether a maximum is the largest number of its type and therefore means no limit.</summary>
    internal static bool IsOpen(object maximum) => maximum is int.MaxValue or >= (double)long.MaxValue;

    /// <summary>Whether a minimum is the smallest number of its type and therefore means no limit.</summary>
    internal static bool IsOpenBelow(object minimum) => IsNumber(minimum) && ToDouble(minimum) is double.MinValue or double.NegativeInfinity;

    private static bool IsNumber(object value) => value is int or long or double or float or ulong;

    internal static double ToDouble(object value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
