namespace Experiments.Engine.Plugins;

/// <summary>Refuses options records that contain themselves, because their help, schema and checks would have no end.</summary>
internal static class OptionCircle
{
    /// <summary>Looks at the types of all options, without running code of their types.</summary>
    /// <param name="record">The options record of a plugin.</param>
    /// <exception cref="InvalidPluginException">It contains itself, directly or in another record.</exception>
    public static void Refuse(Type record) => Visit(record, []);

    private static void Visit(Type record, HashSet<Type> around)
    {
        if (!around.Add(record))
        {
            throw new InvalidPluginException($"{record}: an options record cannot contain itself, directly or in another record.");
        }

        foreach (var inner in OptionReflection.Properties(record).SelectMany(property => Records(property.PropertyType)))
        {
            Visit(inner, around);
        }

        around.Remove(record);
    }

    /// <summary>The records among a type, the items of a list and the values of a mapping.</summary>
    private static IEnumerable<Type> Records(Type type) =>
        type.IsArray ? Records(type.GetElementType()!)
        : type.IsGenericType ? type.GetGenericArguments().Where(argument => !argument.IsInterface).SelectMany(Records)
        : type.GetMethod("<Clone>$") is not null ? [type]
        : [];
}
