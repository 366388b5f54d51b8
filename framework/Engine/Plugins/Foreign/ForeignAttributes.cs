using System.Collections.ObjectModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Experiments.Contracts;

namespace Experiments.Engine.Plugins.Foreign;

/// <summary>
/// Reads the attributes of foreign members from metadata. Only attributes of our own types with arguments of our own
/// types are made into objects; an attribute may run code through a type that it is given, so all others stay data.
/// </summary>
/// <param name="foreign">Tells which types are foreign.</param>
internal sealed class ForeignAttributes(ForeignCode foreign)
{
    /// <summary>
    /// The rules of a member and the attributes of ours that are safe to make, and the types of the other attributes.
    /// </summary>
    /// <exception cref="InvalidPluginException">An attribute does not accept its arguments.</exception>
    public (IReadOnlyList<Attribute> Made, IReadOnlyList<Type> Unmade) Of(MemberInfo member)
    {
        List<Attribute> made = [];
        List<Type> unmade = [];
        foreach (var data in member.GetCustomAttributesData().Where(data => IsRule(data.AttributeType) || IsOurs(data.AttributeType)))
        {
            if (IsSafe(data))
            {
                made.Add(Make(member, data));
            }
            else
            {
                unmade.Add(data.AttributeType);
            }
        }

        return (made, unmade);
    }

    /// <summary>The first argument of an attribute, as data; null when the member does not have the attribute.</summary>
    public static CustomAttributeTypedArgument? FirstArgument(MemberInfo member, Type attribute) =>
        member.GetCustomAttributesData().FirstOrDefault(data => data.AttributeType == attribute) is { ConstructorArguments: [var argument, ..] }
            ? argument
            : null;

    private bool IsSafe(CustomAttributeData data) =>
        !foreign.Contains(data.AttributeType)
        && data.ConstructorArguments.Concat(data.NamedArguments.Select(named => named.TypedValue)).All(IsSafe);

    private bool IsSafe(CustomAttributeTypedArgument argument) => !foreign.Contains(argument.ArgumentType) && argument.Value switch
    {
        Type type => !foreign.Contains(type),
        ReadOnlyCollection<CustomAttributeTypedArgument> items => items.All(IsSafe),
        _ => true,
    };

    private static bool IsRule(Type type) => type.IsAssignableTo(typeof(ValidationAttribute));

    private static bool IsOurs(Type type) => type.Assembly == typeof(PluginAttribute).Assembly || type == typeof(RequiredMemberAttribute);

    private static Attribute Make(MemberInfo member, CustomAttributeData data)
    {
        try
        {
            return Make(data);
        }
        catch (TargetInvocationException problem)
        {
            var place = $"{member.DeclaringType}.{member.Name}: {data.AttributeType.Name}";
            throw new InvalidPluginException($"{place} does not accept its arguments. {problem.InnerException!.Message}");
        }
    }

    private static Attribute Make(CustomAttributeData data)
    {
        var attribute = (Attribute)data.Constructor.Invoke([.. data.ConstructorArguments.Select(Value)]);
        foreach (var named in data.NamedArguments)
        {
            if (named.MemberInfo is PropertyInfo property)
            {
                property.SetValue(attribute, Value(named.TypedValue));
            }
            else
            {
                ((FieldInfo)named.MemberInfo).SetValue(attribute, Value(named.TypedValue));
            }
        }

        return attribute;
    }

    private static object? Value(CustomAttributeTypedArgument argument)
    {
        if (argument.Value is not ReadOnlyCollection<CustomAttributeTypedArgument> items)
        {
            var isChoice = argument is { ArgumentType.IsEnum: true, Value: not null };
            return isChoice ? Enum.ToObject(argument.ArgumentType, argument.Value!) : argument.Value;
        }

        var array = Array.CreateInstance(argument.ArgumentType.GetElementType()!, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            array.SetValue(Value(items[i]), i);
        }

        return array;
    }
}
