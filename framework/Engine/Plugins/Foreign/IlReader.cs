using System.Reflection;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// Reads the values that a constructor or a getter gives, from its IL, without running it. It follows code without
/// branches that assigns constants, as field initializers do. What it cannot follow is <see cref="UnreadDefault"/>:
/// first of all the results of calls.
/// </summary>
internal sealed class IlReader
{
    private const int MaximumDepth = 32;
    private const int MaximumSteps = 100_000;
    private int _depth;
    private int _steps;

    /// <summary>The object that a constructor without parameters makes.</summary>
    public static IlObject Construct(ConstructorInfo constructor) =>
        new IlReader().New(constructor, []) as IlObject ?? throw new InvalidPluginException($"{constructor.DeclaringType}: options must be a record.");

    /// <summary>What a getter returns.</summary>
    public static object? Get(MethodInfo getter, IlObject owner) => new IlReader().Call(Called(getter, owner), [owner]);

    /// <summary>Counts an instruction.</summary>
    /// <returns>Whether more of them are followed; a loop has no end otherwise.</returns>
    public bool CountStep() => ++_steps <= MaximumSteps;

    /// <summary>The method that a virtual call of a method reaches.</summary>
    public static MethodBase Called(MethodBase method, object? owner)
    {
        const BindingFlags declared = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (method is not MethodInfo { IsVirtual: true } slot || owner is not IlObject known)
        {
            return method;
        }

        for (var type = known.Type; type is not null && type != method.DeclaringType; type = type.BaseType)
        {
            if (type.GetMethods(declared).FirstOrDefault(each => Definition(each) == Definition(slot)) is { } overriding)
            {
                return overriding;
            }
        }

        return method;

        static (Module, int) Definition(MethodInfo method) => (method.GetBaseDefinition().Module, method.GetBaseDefinition().MetadataToken);
    }

    /// <summary>Calls a constructor.</summary>
    public object? New(ConstructorInfo constructor, object?[] arguments)
    {
        if (IlKnownCalls.New(constructor, arguments, out var known))
        {
            return known;
        }

        if (constructor.DeclaringType!.IsValueType)
        {
            Lose(arguments);
            return UnreadDefault.Value;
        }

        var made = new IlObject(constructor.DeclaringType);
        Call(constructor, [made, .. arguments]);
        return made;
    }

    /// <summary>Calls a method. A method that cannot be read may have changed every object that it was given.</summary>
    public object? Call(MethodBase method, object?[] arguments)
    {
        if (IlKnownCalls.Call(method, arguments, out var known))
        {
            return known;
        }

        if (_depth < MaximumDepth)
        {
            try
            {
                _depth++;
                return new IlFrame(this, method, arguments).Run();
            }
            catch (Exception problem) when (IsUnreadable(problem))
            {
                Lose(arguments);
                return UnreadDefault.Value;
            }
            finally
            {
                _depth--;
            }
        }

        Lose(arguments);
        return UnreadDefault.Value;
    }

    private static bool IsUnreadable(Exception problem) => problem
        is InvalidOperationException or InvalidCastException or ArgumentException or ArithmeticException or IndexOutOfRangeException or NullReferenceException
        or NotSupportedException or BadImageFormatException or TypeLoadException or MissingMemberException or IOException or TargetInvocationException;

    /// <summary>Makes values unread that code may have changed.</summary>
    public static void Lose(IEnumerable<object?> values)
    {
        foreach (var value in values)
        {
            switch (value)
            {
                case IlObject changed:
                    changed.Lose();
                    break;
                case IlPlace place:
                    place.Set(UnreadDefault.Value);
                    break;
                case List<object?> list:
                    list.ForEach(item => Lose([item]));
                    list.Add(UnreadDefault.Value);
                    break;
                case Dictionary<string, object?> map:
                    Lose(map.Values);
                    map[""] = UnreadDefault.Value;
                    break;
                default:
                    break;
            }
        }
    }
}
