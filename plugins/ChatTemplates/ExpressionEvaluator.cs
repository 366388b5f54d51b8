using System.Runtime.CompilerServices;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Evaluates expressions.</summary>
internal sealed class ExpressionEvaluator(TemplateSource source)
{
    /// <summary>The value of an expression.</summary>
    /// <exception cref="InvalidDataException">
    /// The expression has no value; the message names file, line and column.
    /// </exception>
    public object? Evaluate(Expression expression, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        try
        {
            return expression switch
            {
                Literal literal => literal.Value,
                Variable variable => scope.Find(variable.Name),
                ListOf list => list.Items.Select(item => Evaluate(item, scope)).ToList(),
                MapOf map => Map(map, scope),
                Member member => Members.Find(Evaluate(member.Of, scope), member.Name),
                Item item => Members.Item(Evaluate(item.Of, scope), Evaluate(item.Index, scope)),
                Slice slice => Members.Slice(Evaluate(slice.Of, scope), Bound(slice.Start, scope), Bound(slice.End, scope), Bound(slice.Step, scope)),
                Call call => Call(call, scope),
                Filtered filtered => JinjaFilters.Apply(filtered.Name, Evaluate(filtered.Of, scope), Arguments(filtered.Arguments, scope)),
                Tested tested => JinjaTests.Holds(tested.Name, Evaluate(tested.Of, scope), Arguments(tested.Arguments, scope)) != tested.IsNot,
                Unary unary => Unary(unary, scope),
                Binary binary => Binary(binary, scope),
                Comparison comparison => Compare(comparison, scope),
                Choice choice => Values.IsTrue(Evaluate(choice.Test, scope)) ? Evaluate(choice.Then, scope) : choice.Otherwise is { } other ? Evaluate(other, scope) : new Undefined("else"),
                _ => throw new NotSupportedException($"{expression.GetType().Name}"),
            };
        }
        catch (TemplateFault fault)
        {
            throw source.Error(expression.At, fault.Message);
        }
    }

    /// <summary>Applies a filter to a value.</summary>
    public object? Apply(Filtered filter, object? value, Scope scope)
    {
        try
        {
            return JinjaFilters.Apply(filter.Name, value, Arguments(filter.Arguments, scope));
        }
        catch (TemplateFault fault)
        {
            throw source.Error(filter.At, fault.Message);
        }
    }

    private object? Bound(Expression? bound, Scope scope) => bound is null ? null : Evaluate(bound, scope);

    private MapValue Map(MapOf expression, Scope scope)
    {
        var map = new MapValue();
        foreach (var (key, value) in expression.Entries)
        {
            map[Methods.Text(Evaluate(key, scope))] = Evaluate(value, scope);
        }

        return map;
    }

    private object? Call(Call call, Scope scope)
    {
        if (call.Of is Member method)
        {
            var target = Evaluate(method.Of, scope);
            return target is MapValue or NamespaceValue or LoopState or Undefined && Members.Find(target, method.Name) is Function member
                ? member(Arguments(call.Arguments, scope))
                : Methods.Call(target, method.Name, Arguments(call.Arguments, scope));
        }

        return Evaluate(call.Of, scope) switch
        {
            Function function => function(Arguments(call.Arguments, scope)),
            Undefined { Name: "strftime_now" } => throw new TemplateFault(
                "'strftime_now' is not supported, because the same conversation would be rendered differently on another day. Write the date into the template, or test 'strftime_now is defined' first."),
            Undefined undefined => throw new TemplateFault($"the function '{undefined.Name}' is not supported. Supported: raise_exception, namespace, range, dict."),
            var value => throw new TemplateFault($"{Values.Describe(value)} cannot be called."),
        };
    }

    private CallArguments Arguments(Arguments arguments, Scope scope)
    {
        Dictionary<string, object?> named = [];
        foreach (var (name, value) in arguments.Named)
        {
            named[name] = Evaluate(value, scope);
        }

        return new([.. arguments.Positional.Select(value => Evaluate(value, scope))], named);
    }

    private object? Unary(Unary unary, Scope scope)
    {
        var value = Evaluate(unary.Of, scope);
        return unary.Operator == "not" ? !Values.IsTrue(value)
            : Values.Number(value) is { } number ? unary.Operator == "-" ? Arithmetic.Apply("*", number, -1L) : number
            : throw new TemplateFault($"{Values.Describe(value)} cannot follow '{unary.Operator}'.");
    }

    private object? Binary(Binary binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        return binary.Operator switch
        {
            "and" => Values.IsTrue(left) ? Evaluate(binary.Right, scope) : left,
            "or" => Values.IsTrue(left) ? left : Evaluate(binary.Right, scope),
            _ => Arithmetic.Apply(binary.Operator, left, Evaluate(binary.Right, scope)),
        };
    }

    private bool Compare(Comparison comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (sign, expression) in comparison.Rest)
        {
            var right = Evaluate(expression, scope);
            var holds = sign switch
            {
                "==" => Values.AreEqual(left, right),
                "!=" => !Values.AreEqual(left, right),
                "in" => Values.Contains(right, left),
                "not in" => !Values.Contains(right, left),
                "<" => Values.Compare(left, right) < 0,
                "<=" => Values.Compare(left, right) <= 0,
                ">" => Values.Compare(left, right) > 0,
                _ => Values.Compare(left, right) >= 0,
            };
            if (!holds)
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}
