namespace Experiments.Plugins.ChatTemplates;

/// <summary>The arguments of a call.</summary>
/// <param name="Positional">Values given by position.</param>
/// <param name="Named">Values given by name.</param>
internal sealed record CallArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>The value of each parameter; <see cref="Undefined"/> for a parameter that was not given.</summary>
    /// <param name="required">How many of the parameters, from the first, must be given.</param>
    /// <param name="names">Names of the parameters.</param>
    /// <exception cref="TemplateFault">An argument is missing or unknown, or there are too many.</exception>
    public object?[] Bind(int required, params string[] names)
    {
        if (Positional.Count > names.Length)
        {
            throw new TemplateFault($"there are {Positional.Count} arguments; at most {names.Length} are accepted.");
        }

        if (Named.Keys.FirstOrDefault(name => !names.Skip(Positional.Count).Contains(name)) is { } unknown)
        {
            throw new TemplateFault($"the argument '{unknown}' is not known. Known: {string.Join(", ", names)}.");
        }

        return [.. names.Select((name, index) =>
            index < Positional.Count ? Positional[index]
            : Named.TryGetValue(name, out var value) ? value
            : index >= required ? new Undefined(name)
            : throw new TemplateFault($"the argument '{name}' is missing."))];
    }
}
