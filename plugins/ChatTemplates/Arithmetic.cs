namespace Experiments.Plugins.ChatTemplates;

/// <summary>Operators of two values, as in Python.</summary>
internal static class Arithmetic
{
    /// <summary>The longest text or list that an operator may produce. Unit: characters, or items.</summary>
    public const int LongestResult = 1 << 24;

    /// <summary>Applies an operator to two values.</summary>
    /// <exception cref="TemplateFault">The operator does not accept the values, or the result is too large.</exception>
    public static object? Apply(string sign, object? left, object? right)
    {
        if (sign == "*" && right is MarkedText or List<object?>)
        {
            (left, right) = (right, left);
        }

        switch (sign, left, right)
        {
            case ("~", _, _):
                return Join(Values.ToText(left), Values.ToText(right));
            case ("+", MarkedText one, MarkedText other):
                return Join(one, other);
            case ("+", List<object?> one, List<object?> other):
                Limit((long)one.Count + other.Count);
                return new List<object?>([.. one, .. other]);
            case ("*", MarkedText text, bool or long):
                var times = (long)Values.Number(right)!;
                Limit(text.Text.Length * Math.Clamp(times, 0, LongestResult + 1L));
                return MarkedText.Concat(Enumerable.Repeat(text, text.Text.Length == 0 ? 0 : (int)Math.Max(times, 0)));
            case ("*", List<object?> list, bool or long):
                var count = (long)Values.Number(right)!;
                Limit(list.Count * Math.Clamp(count, 0, LongestResult + 1L));
                return Enumerable.Repeat(list, list.Count == 0 ? 0 : (int)Math.Max(count, 0)).SelectMany(item => item).ToList();
        }

        try
        {
            return (Values.Number(left), Values.Number(right)) switch
            {
                (long one, long other) => Whole(sign, one, other),
                (not null and var one, not null and var other) => Real(sign, Convert.ToDouble(one, null), Convert.ToDouble(other, null)),
                _ => throw new TemplateFault($"{Values.Describe(left)} and {Values.Describe(right)} cannot be combined by '{sign}'."),
            };
        }
        catch (OverflowException)
        {
            throw new TemplateFault($"the result of '{sign}' is too large.");
        }
    }

    /// <summary>The whole numbers from a start to an end, without the end.</summary>
    public static List<object?> Range(CallArguments arguments)
    {
        var bounds = arguments.Bind(1, "start", "stop", "step").Select(bound => bound is Undefined ? (long?)null : Values.Number(bound) as long? ?? throw new TemplateFault("'range' needs whole numbers.")).ToArray();
        var first = bounds[0] ?? throw new TemplateFault("'range' needs a number.");
        var (start, stop, step) = bounds[1] is { } second ? (first, second, bounds[2] ?? 1) : (0, first, 1);
        List<object?> numbers = [];
        for (Int128 number = start; step > 0 ? number < stop : step < 0 ? number > stop : throw new TemplateFault("'range' needs a step that is not 0."); number += step)
        {
            numbers.Add((long)number);
            if (numbers.Count > 100_000)
            {
                throw new TemplateFault("'range' gives more than 100,000 numbers.");
            }
        }

        return numbers;
    }

    private static object Whole(string sign, long left, long right) => sign switch
    {
        "+" => checked(left + right),
        "-" => checked(left - right),
        "*" => checked(left * right),
        "/" => left / (double)NotZero(right),
        "//" => right == -1 ? checked(-left) : FloorDivide(left, NotZero(right)),
        "%" => right == -1 ? 0 : left - (FloorDivide(left, NotZero(right)) * right),
        _ => right < 0 ? Real(sign, left, right) : Power(left, right),
    };

    private static object Real(string sign, double left, double right) => sign switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / NotZero(right),
        "//" => Math.Floor(left / NotZero(right)),
        "%" => left - (Math.Floor(left / NotZero(right)) * right),
        _ => Math.Pow(left, right),
    };

    private static long FloorDivide(long left, long right) => (left / right) - (left % right != 0 && (left < 0) != (right < 0) ? 1 : 0);

    private static long Power(long number, long exponent)
    {
        var result = 1L;
        for (var left = number is 0 or 1 or -1 ? Math.Min(exponent, 2 + (exponent % 2)) : exponent; left > 0; left--)
        {
            result = checked(result * number);
        }

        return result;
    }

    private static T NotZero<T>(T number)
        where T : System.Numerics.INumber<T> => T.IsZero(number) ? throw new TemplateFault("a number cannot be divided by 0.") : number;

    private static MarkedText Join(MarkedText left, MarkedText right)
    {
        Limit((long)left.Text.Length + right.Text.Length);
        return MarkedText.Concat(left, right);
    }

    private static void Limit(long length)
    {
        if (length > LongestResult)
        {
            throw new TemplateFault($"a text or list of {length:N0} is too long; at most {LongestResult:N0}.");
        }
    }
}
