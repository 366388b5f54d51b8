using System.Globalization;
using System.Text.Json.Nodes;

namespace Experiments.Engine.Yaml;

/// <summary>Scalars of YAML 1.2's core schema; <c>_</c> may separate digits.</summary>
internal static class ScalarText
{
    /// <summary>true or false.</summary>
    public static bool? Truth(string text) => text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    /// <summary>
    /// A whole number: decimal, <c>0x</c>, <c>0o</c>, or in exponent form, such as <c>2e6</c>, when the value is whole.
    /// </summary>
    public static Int128? Whole(string text)
    {
        var digits = WithoutSeparators(text);
        if (digits.StartsWith("0x", StringComparison.Ordinal))
        {
            return ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hexadecimal) ? hexadecimal : null;
        }

        if (digits.StartsWith("0o", StringComparison.Ordinal))
        {
            return Octal(digits.AsSpan(2));
        }

        return Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole
            : Number(text) is { } number && number == Math.Floor(number) && Math.Abs(number) < 1e19 ? (Int128)number
            : null;
    }

    /// <summary>A finite number.</summary>
    public static double? Number(string text)
    {
        var digits = WithoutSeparators(text);
        var isNumber = digits.Length > 0 && (char.IsAsciiDigit(digits[^1]) || digits[^1] == '.')
            && double.TryParse(digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number);
        return isNumber ? double.Parse(digits, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The node as JSON. Plain scalars get their type from the core schema.</summary>
    public static JsonNode? ToJson(ScalarNode scalar) =>
        scalar.IsNull ? null
        : !scalar.IsPlain ? JsonValue.Create(scalar.Text)
        : Truth(scalar.Text) is { } truth ? JsonValue.Create(truth)
        : Whole(scalar.Text) is { } whole && whole >= long.MinValue && whole <= long.MaxValue ? JsonValue.Create((long)whole)
        : Number(scalar.Text) is { } number ? JsonValue.Create(number)
        : JsonValue.Create(scalar.Text);

    private static Int128? Octal(ReadOnlySpan<char> digits)
    {
        Int128 value = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || value > long.MaxValue)
            {
                return null;
            }

            value = (value * 8) + (digit - '0');
        }

        return digits.Length > 0 ? value : null;
    }

    private static string WithoutSeparators(string text) =>
        text.Contains('_') && char.IsAsciiDigit(text[^1]) && text[0] != '_' ? text.Replace("_", "", StringComparison.Ordinal) : text;
}
