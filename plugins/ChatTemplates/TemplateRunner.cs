using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Runs a template's statements and collects their output.</summary>
internal sealed class TemplateRunner(TemplateSource source)
{
    private const int MostPasses = 1_000_000;
    private readonly ExpressionEvaluator _evaluator = new(source);
    private int _passes;
    private long _printed;

    private enum Flow
    {
        GoesOn,
        NextPass,
        LoopEnds,
    }

    /// <summary>Runs a template.</summary>
    /// <exception cref="InvalidDataException">
    /// The template rejects the conversation, or an expression has no value; the message names file, line and column.
    /// </exception>
    public IReadOnlyList<ChatText> Run(IReadOnlyList<Statement> template, Scope scope)
    {
        List<MarkedText> output = [];
        try
        {
            Run(template, scope, output);
        }
        catch (InsufficientExecutionStackException)
        {
            throw source.Error(0, "the template calls itself too deeply.");
        }

        return MarkedText.Concat(output).Runs;
    }

    private Flow Run(IReadOnlyList<Statement> body, Scope scope, List<MarkedText> output)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var statement in body)
        {
            var flow = Run(statement, scope, output);
            if (flow != Flow.GoesOn)
            {
                return flow;
            }
        }

        return Flow.GoesOn;
    }

    private Flow Run(Statement statement, Scope scope, List<MarkedText> output)
    {
        switch (statement)
        {
            case Data data:
                Write(data.At, data.Text, output);
                return Flow.GoesOn;
            case Print print:
                Write(print.At, Printed(print, scope), output);
                return Flow.GoesOn;
            case If choice:
                var branch = choice.Branches.FirstOrDefault(branch => branch.Test is null || Values.IsTrue(_evaluator.Evaluate(branch.Test, scope)));
                return branch.Body is null ? Flow.GoesOn : Run(branch.Body, scope, output);
            case For loop:
                return Loop(loop, scope, output);
            case Set set:
                Assign(set.At, set.Target, _evaluator.Evaluate(set.Value, scope), scope);
                return Flow.GoesOn;
            case SetBlock block:
                var text = Capture(block.Body, new Scope(scope));
                Assign(block.At, block.Target, block.Filters.Aggregate((object?)text, (value, filter) => _evaluator.Apply(filter, value, scope)), scope);
                return Flow.GoesOn;
            case Macro macro:
                scope.Set(macro.Name, new Function(arguments => CallMacro(macro, arguments, scope)));
                return Flow.GoesOn;
            case Block block:
                return Run(block.Body, scope, output);
            case Jump jump:
                return jump.Ends ? Flow.LoopEnds : Flow.NextPass;
            default:
                throw new NotSupportedException(statement.GetType().Name);
        }
    }

    private void Write(int at, MarkedText text, List<MarkedText> output)
    {
        _printed += text.Text.Length;
        output.Add(_printed <= Arithmetic.LongestResult ? text : throw source.Error(at, $"the template prints more than {Arithmetic.LongestResult:N0} characters."));
    }

    private MarkedText Printed(Print print, Scope scope)
    {
        try
        {
            return Values.ToText(_evaluator.Evaluate(print.Value, scope));
        }
        catch (TemplateFault fault)
        {
            throw source.Error(print.At, fault.Message);
        }
    }

    private MarkedText Capture(IReadOnlyList<Statement> body, Scope scope)
    {
        List<MarkedText> output = [];
        Run(body, scope, output);
        return MarkedText.Concat(output);
    }

    private Flow Loop(For loop, Scope scope, List<MarkedText> output)
    {
        var items = Items(loop.At, _evaluator.Evaluate(loop.Items, scope));
        if (loop.Filter is { } filter)
        {
            items = [.. items.Where(item => Values.IsTrue(_evaluator.Evaluate(filter, Pass(loop, item, scope))))];
        }

        for (var index = 0; index < items.Count; index++)
        {
            var pass = Pass(loop, items[index], scope);
            pass.Set("loop", new LoopState(items, index));
            if (Run(loop.Body, pass, output) == Flow.LoopEnds)
            {
                break;
            }
        }

        return items.Count == 0 ? Run(loop.Otherwise, scope, output) : Flow.GoesOn;
    }

    private Scope Pass(For loop, object? item, Scope scope)
    {
        if (++_passes > MostPasses)
        {
            throw source.Error(loop.At, $"the template loops more than {MostPasses:N0} times.");
        }

        var pass = new Scope(scope);
        Assign(loop.At, loop.Target, item, pass);
        return pass;
    }

    private List<object?> Items(int at, object? value)
    {
        try
        {
            return [.. Values.Iterate(value)];
        }
        catch (TemplateFault fault)
        {
            throw source.Error(at, fault.Message);
        }
    }

    private void Assign(int at, Target target, object? value, Scope scope)
    {
        if (target.Attribute is { } attribute)
        {
            var space = scope.Find(target.Names[0]) as NamespaceValue ?? throw source.Error(at, $"'{target.Names[0]}' is not a namespace, so its attribute '{attribute}' cannot be set.");
            space[attribute] = value;
            return;
        }

        if (target.Names.Count == 1)
        {
            scope.Set(target.Names[0], value);
            return;
        }

        var values = Items(at, value);
        if (values.Count != target.Names.Count)
        {
            throw source.Error(at, $"{values.Count} values cannot be unpacked into {target.Names.Count} names.");
        }

        foreach (var (name, each) in target.Names.Zip(values))
        {
            scope.Set(name, each);
        }
    }

    private MarkedText CallMacro(Macro macro, CallArguments arguments, Scope outer)
    {
        var values = arguments.Bind(0, [.. macro.Parameters.Select(parameter => parameter.Name)]);
        var scope = new Scope(outer);
        foreach (var ((name, fallback), value) in macro.Parameters.Zip(values))
        {
            scope.Set(name, value is Undefined && fallback is not null ? _evaluator.Evaluate(fallback, scope) : value);
        }

        return Capture(macro.Body, scope);
    }
}
