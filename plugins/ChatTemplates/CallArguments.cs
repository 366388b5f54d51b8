namespace Experiments.Plugins.ChatTemplates;

/// <summary>What a call hands over.</summary>
/// <param name="Positional">Values by place.</param>
/// <param name="Named">Values by name.</param>
internal sealed record CallArguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    /// <summary>Values by parameter; <see cref="Undefined"/> where none was handed over.</summary>
    /// <param name="required">So many of the parameters must be there.</param>
    /// <param name="names">The parameters.</param>
    /// <exception cref="TemplateFault">One is missing, unknown, or there are too many.</exception>
    public object?[] Bind(int required, params string[] names)
    {
        if (Positional.Count > names.Length)
        {
            throw new TemplateFault($"{Positional.Count} arguments are too many: it takes {names.Length}.");
        }

        if (Named.Keys.FirstOrDefault(name => !names.Skip(Positional.Count).Contains(name)) is { } unknown)
        {
            throw new TemplateFault($"the argument '{unknown}' is not known here. Known: {string.Join(", ", names)}.");
        }

        return [.. names.Select((name, index) =>
            index < Positional.Count ? Positional[index]
            : Named.TryGetValue(name, out var value) ? value
            : index >= required ? new Undefined(name)
            : throw new TemplateFault($"the argument '{name}' is missing."))];
    }
}
