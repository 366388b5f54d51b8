using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>The shapes of single values, by their types.</summary>
internal static class ScalarShapes
{
    /// <summary>The shape of a type; null when its values are not single values.</summary>
    /// <param name="type">The type, without <c>?</c>.</param>
    /// <param name="isForeign">Whether it comes from a plugin file. A value of a foreign enum is its name.</param>
    public static ScalarShape? Of(Type type, bool isForeign) => type switch
    {
        _ when type == typeof(bool) =>
            new("true or false", ScalarKind.Truth, text => ScalarText.Truth(text), value => JsonValue.Create((bool)value)),
        _ when type == typeof(int) =>
            Whole("a whole number", number => (int)number, value => JsonValue.Create((int)value), new(int.MinValue, int.MaxValue)),
        _ when type == typeof(long) =>
            Whole("a whole number", number => (long)number, value => JsonValue.Create((long)value), new(long.MinValue, long.MaxValue)),
        _ when type == typeof(ulong) =>
            Whole("a whole number from 0", number => (ulong)number, value => JsonValue.Create((ulong)value), new(0, ulong.MaxValue)),
        _ when type == typeof(double) =>
            new("a number", ScalarKind.Number, text => ScalarText.Number(text), value => JsonValue.Create((double)value)),
        _ when type == typeof(float) =>
            new("a number", ScalarKind.Number, text => Single(text), value => JsonValue.Create((float)value)),
        _ when type == typeof(string) =>
            new("text", ScalarKind.Text, text => text, value => JsonValue.Create((string)value)),
        _ when type == typeof(TimeSpan) =>
            new(
                "a duration such as 500ms, 90s, 5m, 2h or 1d",
                ScalarKind.Duration,
                text => Durations.Parse(text),
                value => JsonValue.Create(Durations.Write((TimeSpan)value))),
        _ when type.IsEnum => EnumOf(EnumNames.Of(type), isForeign ? name => name : name => Enum.Parse(type, name)),
        _ => null,
    };

    private static ScalarShape Whole(string text, Func<Int128, object> cast, Func<object, JsonNode> write, NumberLimits limits) =>
        new(text, ScalarKind.Whole, written => ScalarText.Whole(written) is { } number && IsWithin(number, limits) ? cast(number) : null, write, limits);

    private static bool IsWithin(Int128 number, NumberLimits limits) => number >= (Int128)limits.Minimum && number <= (Int128)limits.Maximum;

    private static float? Single(string text) => ScalarText.Number(text) is { } number && float.IsFinite((float)number) ? (float)number : null;

    private static ScalarShape EnumOf(IReadOnlyList<string> members, Func<string, object> value)
    {
        var names = members.Select(JsonNamingPolicy.KebabCaseLower.ConvertName).ToArray();
        var values = members.Select(value).ToArray();
        return new(
            "one of " + string.Join(", ", names),
            ScalarKind.Choice,
            text => Array.IndexOf(names, text.Replace('_', '-')) is var at and >= 0 ? values[at] : null,
            choice => JsonValue.Create(JsonNamingPolicy.KebabCaseLower.ConvertName(Convert.ToString(choice, CultureInfo.InvariantCulture)!)))
        {
            Names = names,
        };
    }
}
