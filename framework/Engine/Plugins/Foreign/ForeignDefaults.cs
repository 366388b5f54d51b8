using System.Reflection;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>Reads the defaults of a foreign options record from the code of its constructor, without running it.</summary>
internal static class ForeignDefaults
{
    /// <summary>The defaults of a record's options.</summary>
    /// <param name="shape">The record.</param>
    /// <param name="constructor">Its constructor without parameters.</param>
    public static UnmadeRecord Of(RecordShape shape, ConstructorInfo constructor) => Of(shape, IlReader.Construct(constructor));

    private static UnmadeRecord Of(RecordShape shape, IlObject record) =>
        new(OptionReflection.Properties(shape.Type).Zip(shape.Options, (property, option) => KeyValuePair.Create(option.Name, Of(property, option, record))));

    private static object? Of(PropertyInfo property, OptionDescription option, IlObject record) =>
        property.GetMethod is { } getter ? Value(property.PropertyType, option.Shape, IlReader.Get(getter, record)) : UnreadDefault.Value;

    private static object? Value(Type declared, ValueShape shape, object? read)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        return (shape, read) switch
        {
            (_, null) => null,
            (RecordShape record, IlObject value) when value.Type == record.Type => Of(record, value),
            (ListShape list, List<object?> items) => List(list, [.. items.Select(item => Value(ItemOf(type), list.Item, item))]),
            (MapShape map, Dictionary<string, object?> items) => Map(map, items.Select(item => (item.Key, Value(type.GenericTypeArguments[1], map.Item, item.Value)))),
            (ScalarShape scalar, _) => Scalar(type, scalar, read),
            _ => UnreadDefault.Value,
        };
    }

    private static object List(ListShape shape, IReadOnlyList<object?> items) =>
        items.All(IsRead) ? shape.Create(items) : UnreadDefault.Value;

    private static object Map(MapShape shape, IEnumerable<(string Key, object? Value)> items)
    {
        List<KeyValuePair<string, object?>> read = [.. items.Select(item => KeyValuePair.Create(item.Key, item.Value))];
        return read.All(item => IsRead(item.Value)) ? shape.Create(read) : UnreadDefault.Value;
    }

    private static bool IsRead(object? value) => value is not (UnreadDefault or UnmadeRecord { IsRead: false });

    private static Type ItemOf(Type list) => list.IsArray ? list.GetElementType()! : list.GenericTypeArguments[0];

    private static object Scalar(Type type, ScalarShape shape, object value) => (shape.Kind, value) switch
    {
        (ScalarKind.Truth, int number) => number != 0,
        (ScalarKind.Whole, int number) when type == typeof(int) => number,
        (ScalarKind.Whole, int or long) when type == typeof(long) => Convert.ToInt64(value, null),
        (ScalarKind.Whole, long number) when type == typeof(ulong) => unchecked((ulong)number),
        (ScalarKind.Number, double) when type == typeof(double) => value,
        (ScalarKind.Number, float) when type == typeof(float) => value,
        (ScalarKind.Text, string) or (ScalarKind.Duration, TimeSpan) => value,
        (ScalarKind.Choice, int or long) when EnumNames.Find(type, value) is { } name =>
            shape.Parse(shape.Names[EnumNames.Of(type).ToList().IndexOf(name)])!,
        _ => UnreadDefault.Value,
    };
}
