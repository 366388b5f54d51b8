namespace Experiments.Plugins.ChatTemplates;

/// <summary>Variables. A loop's pass and a macro's call have their own, and see those around them.</summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _values = [];

    /// <summary>Gives a variable a value, here alone.</summary>
    public void Set(string name, object? value) => _values[name] = value;

    /// <summary>A variable's value, or <see cref="Undefined"/>.</summary>
    public object? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return new Undefined(name);
    }

    private Scope? Outer => outer;
}
