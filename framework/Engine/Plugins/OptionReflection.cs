using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Experiments.Contracts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins.Foreign;

namespace Experiments.Engine.Plugins;

/// <summary>Reads options records by reflection. All later steps work on the shapes that it makes.</summary>
/// <param name="documentation">Supplies the summaries.</param>
/// <param name="foreign">Tells which types come from plugin files. Their records are never made: <see cref="UnmadeRecord"/>
/// takes their place.</param>
internal sealed class OptionReflection(DocumentationFile documentation, ForeignCode foreign)
{
    /// <summary>Names with a meaning of their own in a recipe or a key. An option cannot have them.</summary>
    private static readonly string[] Reserved = ["use", "version", "source"];

    private readonly ForeignAttributes _attributes = new(foreign);

    /// <summary>Tells which types come from plugin files.</summary>
    public ForeignCode Foreign => foreign;

    /// <summary>The shape of an options record.</summary>
    /// <exception cref="InvalidPluginException">The type is not a record, or has no constructor without
    /// parameters.</exception>
    public RecordShape RecordOf(Type type) => RecordOf(type, foreign.Contains(type));

    private RecordShape RecordOf(Type type, bool isForeign)
    {
        var constructor = type.GetConstructor(Type.EmptyTypes) ?? throw new InvalidPluginException($"{type}: the options record needs a constructor without parameters.");
        var copy = type.GetMethod("<Clone>$") ?? throw new InvalidPluginException($"{type}: options must be a record.");
        if (isForeign)
        {
            RecordShape? shape = null;
            OptionDescription Unmade(PropertyInfo property, string name) => Describe(
                property, isForeign, shape!.Create, record => ((UnmadeRecord)record)[name], (record, value) => ((UnmadeRecord)record)[name] = value);
            return shape = new(
                type,
                () => [.. Properties(type).Select(property => Unmade(property, Snake(property.Name)))],
                () => ForeignDefaults.Of(shape!, constructor),
                UnmadeRecord.Copy)
            {
                HasOwnChecks = type.IsAssignableTo(typeof(IValidatableObject)),
            };
        }

        object Create() => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, null, null);
        return new(
            type,
            () => [.. Properties(type).Select(property => Describe(property, isForeign, Create, property.GetValue, property.SetValue))],
            Create,
            record => copy.Invoke(record, null)!);
    }

    /// <summary>The properties that are options.</summary>
    internal static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });

    private OptionDescription Describe(PropertyInfo property, bool isForeign, Func<object> create, Func<object, object?> get, Action<object, object?> set)
    {
        var owner = property.DeclaringType!;
        var name = Snake(property.Name);
        if (Reserved.Contains(name))
        {
            throw new InvalidPluginException($"{owner}: an option cannot be named '{name}'.");
        }

        var shape = ShapeOf(property.PropertyType, property, isForeign);
        var (attributes, unmade) = foreign.Contains(owner) ? _attributes.Of(property) : ([.. property.GetCustomAttributes()], []);
        var defaultUse = attributes.OfType<DefaultUseAttribute>().FirstOrDefault()?.Name;
        var isRequired = defaultUse is null && attributes.OfType<RequiredMemberAttribute>().Any();
        return new(
            () => documentation.Summary(owner.Assembly, $"P:{owner.FullName?.Replace('+', '.')}.{property.Name}"),
            () => isRequired ? null : defaultUse ?? (Known(get(create())) is { } value ? CanonicalJson.Readable(Write(shape, value)) : null),
            () => IsNullable(property),
            get,
            set)
        {
            Name = name,
            Shape = shape,
            IsRequired = isRequired,
            IsRuntimeOnly = attributes.OfType<RuntimeOnlyAttribute>().Any(),
            IsInputFile = attributes.OfType<InputFileAttribute>().Any(),
            MetricOf = attributes.OfType<MetricOfAttribute>().FirstOrDefault()?.Input,
            DefaultUse = defaultUse,
            NeutralValue = attributes.OfType<AddedLaterAttribute>().FirstOrDefault() is { } neutral ? [neutral.Neutral] : ForeignNeutral(property),
            Rules = [.. attributes.OfType<ValidationAttribute>()],
            HasOwnChecks = unmade.Any(type => type.IsAssignableTo(typeof(ValidationAttribute))),
        };
    }

    /// <summary>A default that is known and not null.</summary>
    private static object? Known(object? value) => value is UnreadDefault or UnmadeRecord { IsRead: false } ? null : value;

    /// <summary>The neutral value when it is a name of a foreign enum.</summary>
    private static IReadOnlyList<object?> ForeignNeutral(PropertyInfo property) =>
        ForeignAttributes.FirstArgument(property, typeof(AddedLaterAttribute)) is { ArgumentType.IsEnum: true, Value: { } value } argument
            ? [JsonNamingPolicy.KebabCaseLower.ConvertName(EnumNames.Find(argument.ArgumentType, value) ?? "")]
            : [];

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

    private ValueShape ShapeOf(Type declared, PropertyInfo property, bool isForeign)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (ScalarShapes.Of(type, foreign.Contains(type)) is { } scalar)
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
            return PluginOf(arguments[0], isForeign);
        }

        if (type.IsArray || (arguments.Length == 1 && type.IsAssignableFrom(typeof(List<>).MakeGenericType(arguments))))
        {
            var item = type.IsArray ? type.GetElementType()! : arguments[0];
            var shape = ShapeOf(item, property, isForeign);
            return new ListShape(shape, IsMade(shape, type, isForeign) ? items => ListOf(type, item, items) : items => items);
        }

        if (arguments.Length == 2 && arguments[0] == typeof(string) && type.IsAssignableFrom(typeof(Dictionary<,>).MakeGenericType(arguments)))
        {
            var shape = ShapeOf(arguments[1], property, isForeign);
            var dictionary = IsMade(shape, type, isForeign) ? typeof(Dictionary<,>).MakeGenericType(arguments) : typeof(Dictionary<string, object?>);
            return new MapShape(shape, items => DictionaryOf(dictionary, items));
        }

        return type.GetMethod("<Clone>$") is not null
            ? RecordOf(type, isForeign || foreign.Contains(type))
            : throw new InvalidPluginException($"{property.DeclaringType}.{property.Name}: an option cannot be of type {type}.");
    }

    /// <summary>Whether a list or dictionary of an option is made with its own type.</summary>
    private bool IsMade(ValueShape item, Type type, bool isForeign) => !isForeign || (item is ScalarShape && !foreign.Contains(type));

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

    private static PluginShape PluginOf(Type kind, bool isForeign)
    {
        if (isForeign)
        {
            return new(kind, PluginReflection.KindOf(kind), (name, _, _) => name);
        }

        var wrap = typeof(OptionReflection).GetMethod(nameof(Wrap), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(kind);
        return new(kind, PluginReflection.KindOf(kind), (name, recipe, create) => wrap.Invoke(null, [name, recipe, create])!);
    }

    private static Plugin<T> Wrap<T>(string name, JsonElement recipe, Func<object> create)
        where T : class => new(name, recipe, () => (T)create());

    /// <summary>The name of a property in recipes.</summary>
    internal static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    internal static bool IsNullable(PropertyInfo property) =>
        property.PropertyType.IsValueType
            ? Nullable.GetUnderlyingType(property.PropertyType) is not null
            : new NullabilityInfoContext().Create(property).ReadState != NullabilityState.NotNull;
}
