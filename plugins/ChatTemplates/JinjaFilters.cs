using System.Globalization;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Jinja's filters.</summary>
internal static class JinjaFilters
{
    private const string Known =
        "abs, capitalize, count, default, first, float, int, items, join, last, length, list, lower, map, reject, rejectattr, replace, reverse, safe, select, selectattr, string, title, tojson, trim, unique, upper";

    /// <summary>Applies a filter.</summary>
    /// <exception cref="TemplateFault">
    /// The filter is not supported, or does not accept the value or the arguments.
    /// </exception>
    public static object? Apply(string name, object? value, CallArguments arguments)
    {
        switch (name)
        {
            case "trim":
                return Methods.Strip(Values.ToText(value), arguments.Bind(0, "chars")[0]);
            case "default" or "d":
                var fallback = arguments.Bind(0, "default_value", "boolean");
                return value is Undefined || (Values.IsTrue(fallback[1]) && !Values.IsTrue(value)) ? fallback[0] is Undefined ? MarkedText.Empty : fallback[0] : value;
            case "join":
                var join = arguments.Bind(0, "d", "attribute");
                return MarkedText.Join(Values.ToText(join[0]), Values.Iterate(value).Select(item => Values.ToText(join[1] is Undefined or null ? item : Member(item, join[1]))));
            case "replace":
                var change = arguments.Bind(2, "old", "new", "count");
                return Methods.Replace(Values.ToText(value), Values.ToText(change[0]), Values.ToText(change[1]), change[2]);
            case "tojson":
                var json = arguments.Bind(0, "ensure_ascii", "indent");
                return !Values.IsTrue(json[0]) ? JsonText.Write(value, json[1] as long?) : throw new TemplateFault("'tojson' does not support escaping of characters that are not ASCII.");
            case "map":
                return Map(value, arguments);
            case "select" or "reject":
                return Select(value, arguments, isAttribute: false, keeps: name == "select");
            case "selectattr" or "rejectattr":
                return Select(value, arguments, isAttribute: true, keeps: name == "selectattr");
            case "int" or "float":
                return Number(name, value, arguments.Bind(0, "default")[0]);
        }

        object? result = name switch
        {
            "upper" or "lower" => Methods.Call(Values.ToText(value), name, arguments),
            "title" => Methods.Title(Values.ToText(value), character => char.IsWhiteSpace(character) || "-({[<".Contains(character, StringComparison.Ordinal)),
            "capitalize" => Methods.Capitalize(Values.ToText(value)),
            "length" or "count" => Values.Length(value),
            "list" => new List<object?>(Values.Iterate(value)),
            "string" => Values.ToText(value),
            "first" => Values.Iterate(value) is [var first, ..] ? first : new Undefined("first"),
            "last" => Values.Iterate(value) is [.., var last] ? last : new Undefined("last"),
            "reverse" => value is MarkedText text ? MarkedText.Concat(text.Characters().AsEnumerable().Reverse()) : Values.Iterate(value).AsEnumerable().Reverse().ToList(),
            "unique" => Unique(Values.Iterate(value)),
            "items" => value switch
            {
                MapValue map => Methods.Items(map),
                Undefined => new List<object?>(),
                _ => throw new TemplateFault($"{Values.Describe(value)} has no items."),
            },
            "safe" => value,
            "abs" => Values.Number(value) switch
            {
                long number when number > long.MinValue => Math.Abs(number),
                double number => Math.Abs(number),
                _ => throw new TemplateFault($"{Values.Describe(value)} has no absolute value."),
            },
            _ => throw new TemplateFault($"the filter '{name}' is not supported. Supported: {Known}."),
        };
        arguments.Bind(0);
        return result;
    }

    private static List<object?> Unique(List<object?> items)
    {
        List<object?> unique = [];
        unique.AddRange(items.Where((item, index) => items.FindIndex(other => Values.AreEqual(item, other)) == index));
        return unique;
    }

    private static List<object?> Map(object? value, CallArguments arguments)
    {
        if (arguments.Named.TryGetValue("attribute", out var attribute))
        {
            var fallback = arguments.Named.GetValueOrDefault("default", new Undefined("default"));
            return [.. Values.Iterate(value).Select(item => Member(item, attribute) is var member && member is Undefined ? fallback : member)];
        }

        var (name, rest) = Named(arguments, 0, "filter");
        return [.. Values.Iterate(value).Select(item => Apply(name, item, rest))];
    }

    private static List<object?> Select(object? value, CallArguments arguments, bool isAttribute, bool keeps)
    {
        var first = isAttribute ? 1 : 0;
        if (isAttribute && arguments.Positional.Count == 0)
        {
            throw new TemplateFault("the attribute's name is missing.");
        }

        var (test, rest) = arguments.Positional.Count > first ? Named(arguments, first, "test") : (null, arguments);
        return [.. Values.Iterate(value).Where(item => Holds(isAttribute ? Member(item, arguments.Positional[0]) : item) == keeps)];

        bool Holds(object? tested) => test is null ? Values.IsTrue(tested) : JinjaTests.Holds(test, tested, rest);
    }

    private static (string Name, CallArguments Arguments) Named(CallArguments arguments, int index, string kind) =>
        arguments.Positional.Count > index && arguments.Positional[index] is MarkedText name
            ? (name.Text, arguments with { Positional = [.. arguments.Positional.Skip(index + 1)] })
            : throw new TemplateFault($"the {kind}'s name is missing.");

    /// <summary>An attribute, or an attribute of an attribute: <c>function.name</c>.</summary>
    private static object? Member(object? value, object? attribute) =>
        attribute is MarkedText name ? name.Text.Split('.').Aggregate(value, Members.Find) : Members.Item(value, attribute);

    private static object? Number(string name, object? value, object? fallback)
    {
        var parsed = (name, value) switch
        {
            ("int", bool or long) => Values.Number(value),
            ("int", double number) when Math.Abs(number) < 1e18 => (long)number,
            ("int", MarkedText text) => long.TryParse(text.Text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
            ("float", bool or long or double) => Convert.ToDouble(Values.Number(value), CultureInfo.InvariantCulture),
            ("float", MarkedText text) => double.TryParse(text.Text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ => (object?)null,
        };
        return value is Undefined undefined ? throw new TemplateFault($"'{undefined.Name}' is undefined, so it is not a number.") : parsed ?? (fallback is Undefined ? name == "int" ? 0L : 0.0 : fallback);
    }
}
