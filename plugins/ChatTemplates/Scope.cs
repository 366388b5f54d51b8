namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// The variables of a scope. Each pass of a loop and each call of a macro has its own scope, which also sees the
/// variables of the scopes around it.
/// </summary>
internal sealed class Scope(Scope? outer)
{
    private readonly Dictionary<string, object?> _values = [];

    /// <summary>Sets a variable in this scope only.</summary>
    public void Set(string name, object? value) => _values[name] = value;

    /// <summary>A variable's value, or <see cref="Undefined"/> if there is no such variable.</summary>
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
