using System.Reflection;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>An object as <see cref="IlReader"/> knows it: its type and its fields.</summary>
/// <param name="type">The type.</param>
internal sealed class IlObject(Type type)
{
    private readonly Dictionary<(Module, int), object?> _fields = [];
    private bool _isLost;

    /// <summary>The type.</summary>
    public Type Type { get; } = type;

    /// <summary>A field's value; before the first assignment, the default of its type.</summary>
    public object? this[FieldInfo field]
    {
        get => _isLost ? UnreadDefault.Value
            : _fields.TryGetValue((field.Module, field.MetadataToken), out var value) ? value
            : IlValue.DefaultOf(field.FieldType);
        set => _fields[(field.Module, field.MetadataToken)] = value;
    }

    /// <summary>Makes all fields unread, because code that cannot be read may have changed them.</summary>
    public void Lose() => _isLost = true;
}

/// <summary>A place that holds a value: a field, a local variable, an item.</summary>
/// <param name="Get">Reads it.</param>
/// <param name="Set">Writes it.</param>
internal sealed record IlPlace(Func<object?> Get, Action<object?> Set);

/// <summary>
/// Values of <see cref="IlReader"/>: boxed numbers, texts, durations, <see cref="IlObject"/>, a list of values for an
/// array or a list, a dictionary for a dictionary, null, and <see cref="UnreadDefault"/>.
/// </summary>
internal static class IlValue
{
    /// <summary>The default of a type.</summary>
    public static object? DefaultOf(Type type) => type switch
    {
        { IsValueType: false } or { IsConstructedGenericType: true } => null,
        { IsEnum: true } => DefaultOf(type.GetEnumUnderlyingType()),
        _ when type == typeof(long) || type == typeof(ulong) => 0L,
        _ when type == typeof(double) => 0.0,
        _ when type == typeof(float) => 0f,
        _ when type == typeof(TimeSpan) => TimeSpan.Zero,
        { IsPrimitive: true } => 0,
        _ => UnreadDefault.Value,
    };

    /// <summary>Converts a number as the instruction <c>conv</c> does.</summary>
    public static object Convert(object? value, Type type) => (value, type) switch
    {
        (int number, _) when type == typeof(long) => (long)number,
        (int number, _) when type == typeof(ulong) => (long)(uint)number,
        (long number, _) when type == typeof(long) || type == typeof(ulong) => number,
        (int or long or float or double, _) when type == typeof(double) => System.Convert.ToDouble(value, null),
        (int or long or float or double, _) when type == typeof(float) => System.Convert.ToSingle(value, null),
        (int number, _) when type == typeof(int) => number,
        _ => UnreadDefault.Value,
    };
}
