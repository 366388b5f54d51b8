using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// The framework's members that defaults of options use, and the lists that the compiler makes for <c>[a, b]</c>. Their
/// results are computed here; no foreign code takes part.
/// </summary>
internal static class IlKnownCalls
{
    private const string CompilersList = "<>z__ReadOnly"; // the compiler's own types for an IReadOnlyList<T> of [a, b]

    /// <summary>The value of a static field.</summary>
    public static object StaticField(FieldInfo field) => (field.DeclaringType, field.Name) switch
    {
        ({ } type, nameof(string.Empty)) when type == typeof(string) => "",
        ({ } type, nameof(TimeSpan.Zero) or nameof(TimeSpan.MaxValue) or nameof(TimeSpan.MinValue)) when type == typeof(TimeSpan) => field.GetValue(null)!,
        ({ } type, nameof(Timeout.InfiniteTimeSpan)) when type == typeof(Timeout) => Timeout.InfiniteTimeSpan,
        _ => UnreadDefault.Value,
    };

    /// <summary>Makes an object of a known type.</summary>
    /// <returns>Whether the type is known.</returns>
    public static bool New(ConstructorInfo constructor, object?[] arguments, out object? made)
    {
        var type = constructor.DeclaringType!;
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        made = definition switch
        {
            _ when definition == typeof(Nullable<>) => arguments[0],
            _ when type == typeof(TimeSpan) => Compute(constructor, arguments),
            _ when definition == typeof(List<>) => arguments is [List<object?> items] ? new List<object?>(items) : new List<object?>(),
            _ when definition == typeof(Dictionary<,>) && (arguments is [] or [int]) => new Dictionary<string, object?>(StringComparer.Ordinal),
            _ when definition == typeof(Span<>) || definition == typeof(ReadOnlySpan<>) => arguments is [List<object?> items] ? items : UnreadDefault.Value,
            _ when definition.Name.StartsWith(CompilersList, StringComparison.Ordinal) => arguments is [List<object?> items] ? items : new List<object?>(arguments),
            _ => null,
        };
        return made is not null || definition == typeof(Nullable<>);
    }

    /// <summary>Calls a known method.</summary>
    /// <returns>Whether the method is known.</returns>
    public static bool Call(MethodBase method, object?[] arguments, out object? result)
    {
        result = null;
        var type = method.DeclaringType!;
        var definition = type.IsConstructedGenericType ? type.GetGenericTypeDefinition() : type;
        switch (method.Name, arguments)
        {
            case (".ctor", _) when type == typeof(object):
                return true;
            case (".ctor", [IlPlace place, ..]) when New((ConstructorInfo)method, arguments[1..], out var made):
                place.Set(made);
                return true;
            case ("InitializeArray", [IlArray array, FieldInfo data]) when type == typeof(RuntimeHelpers):
                array.Fill(data);
                return true;
            case ("Empty", []) when type == typeof(Array):
                result = new List<object?>();
                return true;
            case ("SetCount", [List<object?> list, int count]) when type == typeof(CollectionsMarshal):
                list.AddRange(IlArray.Of(count - list.Count, method.GetGenericArguments()[0]));
                return true;
            case ("AsSpan", [List<object?> list]) when type == typeof(CollectionsMarshal):
                result = list;
                return true;
            case ("get_Item", [IlPlace span, int index]) when definition == typeof(Span<>):
                var items = (List<object?>)span.Get()!;
                result = new IlPlace(() => items[index], value => items[index] = value);
                return true;
            case ("Add", [List<object?> list, var item]) when definition == typeof(List<>):
                list.Add(item);
                return true;
            case ("Add" or "set_Item", [Dictionary<string, object?> map, string key, var item]) when definition == typeof(Dictionary<,>):
                map[key] = item;
                return true;
            case (_, _) when type == typeof(TimeSpan) && method.IsStatic && method.Name.StartsWith("From", StringComparison.Ordinal):
                result = Compute(method, arguments);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Calls a member of the framework whose arguments are numbers.</summary>
    private static object Compute(MethodBase member, object?[] arguments)
    {
        if (!arguments.All(argument => argument is int or long or double))
        {
            return UnreadDefault.Value;
        }

        var types = member.GetParameters().Select(parameter => parameter.ParameterType);
        object?[] numbers = [.. types.Zip(arguments, (type, argument) => Convert.ChangeType(argument, type, CultureInfo.InvariantCulture))];
        return member is ConstructorInfo constructor ? constructor.Invoke(numbers) : member.Invoke(null, numbers)!;
    }
}
