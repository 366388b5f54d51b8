namespace Experiments.Plugins.ChatTemplates;

/// <summary>Jinja's tests, such as <c>is defined</c>.</summary>
internal static class JinjaTests
{
    private const string Known =
        "boolean, callable, defined, divisibleby, eq, equalto, even, false, float, ge, gt, in, integer, iterable, le, lt, mapping, ne, none, number, odd, sameas, sequence, string, true, undefined";

    /// <summary>Whether a test holds for a value.</summary>
    /// <exception cref="TemplateFault">
    /// The test is not supported, or does not accept the value or the arguments.
    /// </exception>
    public static bool Holds(string name, object? value, CallArguments arguments)
    {
        if (name is "divisibleby" or "eq" or "equalto" or "==" or "ne" or "!=" or "lt" or "<" or "le" or "<=" or "gt" or ">" or "ge" or ">=" or "in" or "sameas")
        {
            var other = arguments.Bind(1, "other")[0];
            return name switch
            {
                "divisibleby" => Values.AreEqual(Arithmetic.Apply("%", value, other), 0L),
                "eq" or "equalto" or "==" => Values.AreEqual(value, other),
                "ne" or "!=" => !Values.AreEqual(value, other),
                "lt" or "<" => Values.Compare(value, other) < 0,
                "le" or "<=" => Values.Compare(value, other) <= 0,
                "gt" or ">" => Values.Compare(value, other) > 0,
                "ge" or ">=" => Values.Compare(value, other) >= 0,
                "in" => Values.Contains(other, value),
                _ => value is null or bool or long ? Equals(value, other) : ReferenceEquals(value, other),
            };
        }

        bool result = name switch
        {
            "defined" => value is not Undefined,
            "undefined" => value is Undefined,
            "none" => value is null,
            "string" => value is MarkedText,
            "mapping" => value is MapValue,
            "iterable" => value is MarkedText or List<object?> or MapValue or Undefined,
            "sequence" => value is MarkedText or List<object?> or MapValue or Undefined,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "number" => value is bool or long or double,
            "integer" => value is long,
            "float" => value is double,
            "callable" => value is Function,
            "odd" => Values.AreEqual(Arithmetic.Apply("%", value, 2L), 1L),
            "even" => Values.AreEqual(Arithmetic.Apply("%", value, 2L), 0L),
            _ => throw new TemplateFault($"the test '{name}' is not supported. Supported: {Known}."),
        };
        arguments.Bind(0);
        return result;
    }
}
