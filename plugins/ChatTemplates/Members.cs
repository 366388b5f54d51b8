namespace Experiments.Plugins.ChatTemplates;

/// <summary>Attributes, items and slices of values.</summary>
internal static class Members
{
    /// <summary>An attribute, or <see cref="Undefined"/> if there is none.</summary>
    /// <exception cref="TemplateFault">The value itself is undefined.</exception>
    public static object? Find(object? value, string name) => value switch
    {
        Undefined undefined => throw new TemplateFault($"'{undefined.Name}' is undefined, so it has no '{name}'."),
        MapValue map => map.TryGetValue(name, out var member) ? member : new Undefined(name),
        NamespaceValue space => space.TryGetValue(name, out var member) ? member : new Undefined(name),
        LoopState loop => loop.Find(name),
        _ => new Undefined(name),
    };

    /// <summary>
    /// The item at an index or with a key, or <see cref="Undefined"/> if there is none. A negative index counts from
    /// the end.
    /// </summary>
    /// <exception cref="TemplateFault">The value itself is undefined.</exception>
    public static object? Item(object? value, object? index) => (value, index) switch
    {
        (MarkedText or List<object?>, bool or long) => At(value is MarkedText text ? [.. text.Characters()] : (List<object?>)value, (long)Values.Number(index)!),
        (not (MarkedText or List<object?>), MarkedText name) => Find(value, name.Text),
        (Undefined undefined, _) => throw new TemplateFault($"'{undefined.Name}' is undefined, so it has no items."),
        _ => new Undefined(Values.ToText(index is MarkedText or long ? index : "item").Text),
    };

    /// <summary>A slice of a text or list, as in Python.</summary>
    public static object Slice(object? value, object? start, object? end, object? step)
    {
        List<object?> items = value switch
        {
            List<object?> list => list,
            MarkedText text => [.. text.Characters()],
            _ => throw new TemplateFault($"{Values.Describe(value)} cannot be sliced."),
        };
        var by = Bound(step) ?? 1;
        if (by == 0)
        {
            throw new TemplateFault("the step of a slice is 0.");
        }

        var (low, high) = by > 0 ? (0L, (long)items.Count) : (-1L, items.Count - 1L);
        var first = Place(Bound(start)) ?? (by > 0 ? low : high);
        var last = Place(Bound(end)) ?? (by > 0 ? high : low);
        List<object?> cut = [];
        for (var at = first; by > 0 ? at < last : at > last; at += Math.Clamp(by, -items.Count - 1L, items.Count + 1L))
        {
            cut.Add(items[(int)at]);
        }

        return value is MarkedText ? MarkedText.Concat(cut.Cast<MarkedText>()) : cut;

        long? Place(long? bound) => bound is { } at ? Math.Clamp(at < 0 ? at + items.Count : at, low, high) : null;
    }

    private static long? Bound(object? value) => value switch
    {
        null => null,
        long number => number,
        _ => throw new TemplateFault($"{Values.Describe(value)} is given where a slice needs a whole number."),
    };

    private static object? At(List<object?> items, long index)
    {
        var at = index < 0 ? index + items.Count : index;
        return at >= 0 && at < items.Count ? items[(int)at] : new Undefined($"item {index}");
    }
}
