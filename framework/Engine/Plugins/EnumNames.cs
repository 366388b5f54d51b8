using System.Globalization;
using System.Reflection;

namespace Experiments.Engine.Plugins;

/// <summary>The names of an enum, read by its metadata.</summary>
internal static class EnumNames
{
    /// <summary>The names, in the order of their values as unsigned numbers.</summary>
    public static IReadOnlyList<string> Of(Type type) => [.. Members(type).Select(member => member.Name)];

    /// <summary>The name of a value; null when it has none.</summary>
    public static string? Find(Type type, object value) =>
        Members(type).FirstOrDefault(member => member.Value == Signed(value)).Name;

    private static IEnumerable<(string Name, long Value)> Members(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (field.Name, Value: Signed(field.GetRawConstantValue()!)))
        .OrderBy(member => (ulong)member.Value);

    private static long Signed(object value) => value is ulong number ? unchecked((long)number) : Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
