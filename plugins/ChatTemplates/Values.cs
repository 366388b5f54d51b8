using System.Globalization;
using System.Runtime.CompilerServices;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// A variable or attribute that does not exist. It prints as nothing, loops over nothing and counts as false; any other
/// use is an error.
/// </summary>
internal sealed record Undefined(string Name);

/// <summary>A dictionary in insertion order.</summary>
internal sealed class MapValue : OrderedDictionary<MarkedText, object?>;

/// <summary>
/// A namespace. Values that <c>set</c> gives to its attributes within a loop are kept after the loop.
/// </summary>
internal sealed class NamespaceValue : Dictionary<string, object?>;

/// <summary>A function that a template can call.</summary>
internal delegate object? Function(CallArguments arguments);

/// <summary>
/// The semantics of a template's values, as in Python. A value is null (none), <see cref="Undefined"/>, bool, long,
/// double, <see cref="MarkedText"/>, a list of values, <see cref="MapValue"/>, <see cref="NamespaceValue"/>,
/// <see cref="LoopState"/> or <see cref="Function"/>.
/// </summary>
internal static class Values
{
    /// <summary>Whether a value counts as true.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined or false or 0L or 0.0 => false,
        MarkedText text => text.Text.Length > 0,
        List<object?> list => list.Count > 0,
        MapValue map => map.Count > 0,
        _ => true,
    };

    /// <summary>Whether two values are equal. True equals 1 and false equals 0.</summary>
    public static bool AreEqual(object? left, object? right)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return (Number(left), Number(right)) switch
        {
            (long one, long other) => one == other,
            (not null and var one, not null and var other) => Convert.ToDouble(one, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(other, CultureInfo.InvariantCulture)),
            _ => (left, right) switch
            {
                (null, null) or (Undefined, Undefined) => true,
                (MarkedText one, MarkedText other) => one.Equals(other),
                (List<object?> one, List<object?> other) => one.Count == other.Count && one.Zip(other).All(pair => AreEqual(pair.First, pair.Second)),
                (MapValue one, MapValue other) => one.Count == other.Count && one.All(entry => other.TryGetValue(entry.Key, out var value) && AreEqual(entry.Value, value)),
                _ => ReferenceEquals(left, right) && left is not null,
            },
        };
    }

    /// <summary>Orders two numbers or two texts.</summary>
    public static int Compare(object? left, object? right) => (Number(left), Number(right)) switch
    {
        (long one, long other) => one.CompareTo(other),
        (not null and var one, not null and var other) => Convert.ToDouble(one, CultureInfo.InvariantCulture).CompareTo(Convert.ToDouble(other, CultureInfo.InvariantCulture)),
        _ => left is MarkedText first && right is MarkedText second
            ? string.CompareOrdinal(first.Text, second.Text)
            : throw new TemplateFault($"{Describe(left)} and {Describe(right)} cannot be compared."),
    };

    /// <summary>Whether a text, list or dictionary contains a value.</summary>
    public static bool Contains(object? whole, object? part) => whole switch
    {
        MarkedText text => part is MarkedText sought ? text.Text.Contains(sought.Text, StringComparison.Ordinal) : throw new TemplateFault($"a text can contain only texts, not {Describe(part)}."),
        List<object?> list => list.Exists(item => AreEqual(item, part)),
        MapValue map => part is MarkedText key && map.ContainsKey(key),
        Undefined => false,
        _ => throw new TemplateFault($"{Describe(whole)} cannot contain anything."),
    };

    /// <summary>The items of a loop over the value.</summary>
    public static List<object?> Iterate(object? value) => value switch
    {
        List<object?> list => list,
        MarkedText text => [.. text.Characters()],
        MapValue map => [.. map.Keys],
        Undefined => [],
        _ => throw new TemplateFault($"{Describe(value)} cannot be looped over."),
    };

    /// <summary>The number of items or characters.</summary>
    public static long Length(object? value) => value switch
    {
        MarkedText text => text.Text.EnumerateRunes().LongCount(),
        List<object?> list => list.Count,
        MapValue map => map.Count,
        Undefined => 0,
        _ => throw new TemplateFault($"{Describe(value)} has no length."),
    };

    /// <summary>The text that is printed for a value.</summary>
    public static MarkedText ToText(object? value) => value switch
    {
        MarkedText text => text,
        Undefined => MarkedText.Empty,
        _ => Represent(value),
    };

    /// <summary>The text that Python shows for a value within a list.</summary>
    public static MarkedText Represent(object? value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return value switch
        {
            null => "None",
            bool flag => flag ? "True" : "False",
            long number => number.ToString(CultureInfo.InvariantCulture),
            double number => Float(number),
            MarkedText text => MarkedText.Concat("'", text.Map(part => part.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)), "'"),
            List<object?> list => MarkedText.Concat("[", MarkedText.Join(", ", list.Select(Represent)), "]"),
            MapValue map => MarkedText.Concat("{", MarkedText.Join(", ", map.Select(entry => MarkedText.Concat(Represent(entry.Key), ": ", Represent(entry.Value)))), "}"),
            Undefined => "Undefined",
            _ => throw new TemplateFault($"{Describe(value)} cannot be printed."),
        };
    }

    /// <summary>A description of a value's kind, for errors.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"'{undefined.Name}', which is undefined,",
        bool => "a truth value",
        long or double => "a number",
        MarkedText => "a text",
        List<object?> => "a list",
        MapValue => "a dictionary",
        NamespaceValue => "a namespace",
        LoopState => "a loop",
        _ => "a function",
    };

    /// <summary>The value as a number, where true is 1 and false is 0; null if it is not a number.</summary>
    public static object? Number(object? value) => value switch
    {
        bool flag => flag ? 1L : 0L,
        long or double => value,
        _ => null,
    };

    private static string Float(double number) =>
        number == Math.Truncate(number) && Math.Abs(number) < 1e16
            ? number.ToString("0.0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture).Replace('E', 'e').Replace("Infinity", "inf", StringComparison.Ordinal).Replace("NaN", "nan", StringComparison.Ordinal);
}
