using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Plugins;

/// <summary>Reads options records by reflection. All later steps work on the shapes that it makes.</summary>
internal sealed class OptionReflection(DocumentationFile documentation)
{
    /// <summary>Names with a meaning of their own in a recipe or a key. An option cannot have them.</summary>
    private static readonly string[] Reserved = ["use", "version", "source"];

    /// <summary>The shape of an options record.</summary>
    /// <exception cref="InvalidPluginException">The type is not a record, or has no constructor without
    /// parameters.</exception>
    public RecordShape RecordOf(Type type)
    {
        var constructor = type.GetConstructor(Type.EmptyTypes) ?? throw new InvalidPluginException($"{type}: the options record needs a constructor without parameters.");
        var copy = type.GetMethod("<Clone>$") ?? throw new InvalidPluginException($"{type}: options must be a record.");
        object Create() => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, null);
        return new(type, () => [.. Properties(type).Select(property => Describe(property, Create))], Create, record => copy.Invoke(record, null)!);
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    private OptionDescription Describe(PropertyInfo property, Func<object> create)
    {
        var owner = property.DeclaringType!;
        var name = Snake(property.Name);
        if (Reserved.Contains(name))
        {
            throw new InvalidPluginException($"{owner}: an option cannot be named '{name}'.");
        }

        var shape = ShapeOf(property.PropertyType, property);
        Attribute[] attributes = [.. property.GetCustomAttributes()];
        var defaultUse = attributes.OfType<DefaultUseAttribute>().FirstOrDefault()?.Name;
        var neutral = attributes.OfType<AddedLaterAttribute>().FirstOrDefault();
        var isRequired = defaultUse is null && attributes.OfType<RequiredMemberAttribute>().Any();
        return new(
            () => documentation.Summary(owner.Assembly, $"P:{owner.FullName?.Replace('+', '.')}.{property.Name}"),
            () => isRequired ? null : defaultUse ?? (property.GetValue(create()) is { } value ? CanonicalJson.Readable(Write(shape, value)) : null),
            () => IsNullable(property),
            property.GetValue,
            property.SetValue)
        {
            Name = name,
            Shape = shape,
            IsRequired = isRequired,
            IsRuntimeOnly = attributes.OfType<RuntimeOnlyAttribute>().Any(),
            IsInputFile = attributes.OfType<InputFileAttribute>().Any(),
            MetricOf = attributes.OfType<MetricOfAttribute>().FirstOrDefault()?.Input,
            DefaultUse = defaultUse,
            NeutralValue = neutral is null ? [] : [neutral.Neutral],
            Rules = [.. attributes.OfType<ValidationAttribute>()],
        };
    }

    /// <summary>A value as JSON. Nested records have all their options.</summary>
    public static JsonNode? Write(ValueShape shape, object? value) => (shape, value) switch
    {
        (_, null) => null,
        (ScalarShape scalar, _) => scalar.Write(value),
        (FreeShape, JsonNode free) => free.DeepClone(),
        (ListShape list, System.Collections.IEnumerable items) => new JsonArray([.. items.Cast<object?>().Select(item => Write(list.Item, item))]),
        (MapShape map, System.Collections.IDictionary items) => CanonicalJson.Object(items.Keys.Cast<string>().Select(key => KeyValuePair.Create(key, Write(map.Item, items[key])))),
        (RecordShape record, _) => CanonicalJson.Object(record.Options.Select(option => KeyValuePair.Create(option.Name, Write(option.Shape, option.Get(value))))),
        _ => throw new InvalidPluginException($"{value.GetType()}: a value of this type cannot be the default of an option ({shape.Text})."),
    };

    private ValueShape ShapeOf(Type declared, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (Scalar(type) is { } scalar)
        {
            return scalar;
        }

        if (type == typeof(JsonNode))
        {
            return new FreeShape();
        }

        var arguments = type.IsGenericType ? type.GetGenericArguments() : [];
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (definition == typeof(Plugin<>))
        {
            return PluginOf(arguments[0]);
        }

        if (type.IsArray || (arguments.Length == 1 && type.IsAssignableFrom(typeof(List<>).MakeGenericType(arguments))))
        {
            var item = type.IsArray ? type.GetElementType()! : arguments[0];
            return new ListShape(ShapeOf(item, property), items => ListOf(type, item, items));
        }

        if (arguments.Length == 2 && arguments[0] == typeof(string) && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments)))
        {
            var dictionary = typeof(Dictionary<,>).MakeGenericType(arguments);
            return new MapShape(ShapeOf(arguments[1], property), items => DictionaryOf(dictionary, items));
        }

        return type.GetMethod("<Clone>$") is not null
            ? RecordOf(type)
            : throw new InvalidPluginException($"{property.DeclaringType}.{property.Name}: an option cannot be of type {type}.");
    }

    private static object ListOf(Type type, Type item, IReadOnlyList<object?> items)
    {
        var array = Array.CreateInstance(item, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            array.SetValue(items[i], i);
        }

        return type.IsInstanceOfType(array) ? array : Activator.CreateInstance(type, array)!;
    }

    private static System.Collections.IDictionary DictionaryOf(Type type, IReadOnlyList<KeyValuePair<string, object?>> items)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(type)!;
        foreach (var (key, value) in items)
        {
            dictionary.Add(key, value);
        }

        return dictionary;
    }

    private static PluginShape PluginOf(Type kind)
    {
        var wrap = typeof(OptionReflection).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(kind);
        return new(kind, PluginReflection.KindOf(kind), (name, recipe, create) => wrap.Invoke(null, [name, recipe, create])!);
    }

    private static Plugin<T> Wrap<T>(string name, JsonElement recipe, Func<object> create)
        where T : class => new(name, recipe, () => (T)create());

    private static ScalarShape? Scalar(Type type) => type switch
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
        _ when type.IsEnum => EnumOf(type),
        _ => null,
    };

    private static ScalarShape Whole(string text, Func<Int128, object> cast, Func<object, JsonNode> write, NumberLimits limits) =>
        new(text, ScalarKind.Whole, written => ScalarText.Whole(written) is { } number && IsWithin(number, limits) ? cast(number) : null, write, limits);

    private static bool IsWithin(Int128 number, NumberLimits limits) => number >= (Int128)limits.Minimum && number <= (Int128)limits.Maximum;

    private static float? Single(string text) => ScalarText.Number(text) is { } number && float.IsFinite((float)number) ? (float)number : null;

    private static ScalarShape EnumOf(Type type)
    {
        var names = Enum.GetNames(type).Select(JsonNamingPolicy.KebabCaseLower.ConvertName).ToArray();
        var values = Enum.GetNames(type).Select(name => Enum.Parse(type, name)).ToArray();
        return new(
            "one of " + string.Join(", ", names),
            ScalarKind.Choice,
            text => Array.IndexOf(names, text.Replace('_', '-')) is var at and >= 0 ? values[at] : null,
            value => JsonValue.Create(JsonNamingPolicy.KebabCaseLower.ConvertName(Convert.ToString(value, CultureInfo.InvariantCulture)!)))
        {
            Names = names,
        };
    }

    /// <summary>The name of a property in recipes.</summary>
    internal static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    internal static bool IsNullable(PropertyInfo property) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull;
}
