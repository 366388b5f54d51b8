using System.Text;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Replaces <c>$(vars.x)</c>, <c>$(env.NAME, default)</c>, <c>$(seed)</c> and <c>$(name)</c> by their values; in an
/// instance of a stage with <c>foreach</c>, <c>$(each.x)</c> and <c>$(slug.x)</c> too. A scalar that consists only of a
/// reference becomes the value itself, which may be a list or a mapping. Inside other text, the value's text is
/// inserted. <c>$$(</c> is the escape for <c>$(</c>.
/// </summary>
internal sealed class Interpolator(MappingNode recipe, string defaultName, Func<string, string?> environment, Secrets secrets, RecipeProblems problems)
{
    private readonly Dictionary<string, MappingEntry> _vars = (recipe["vars"] as MappingNode)?.Entries.ToDictionary(entry => entry.Key) ?? [];
    private readonly Dictionary<string, RecipeNode> _values = [];
    private readonly List<string> _underway = [];
    private readonly RecipeSize _size = new();
    private int _defaults;

    /// <summary>The node with all references replaced.</summary>
    /// <param name="node">The node.</param>
    /// <param name="instance">The instance of a stage with <c>foreach</c> that contains it, or null.</param>
    /// <exception cref="RecipeException">The recipe became too large. The exception holds all problems so far.</exception>
    public RecipeNode Resolve(RecipeNode node, ForeachInstance? instance = null)
    {
        Grow(1, node.Location);
        return node switch
        {
            ScalarNode scalar when scalar.Text.Contains(ReferenceSyntax.Open, StringComparison.Ordinal) => ResolveScalar(scalar, instance),
            SequenceNode list => list with { Items = [.. list.Items.Select(item => Resolve(item, instance))] },
            MappingNode map => map with { Entries = [.. map.Entries.Select(entry => entry with { Value = Resolve(entry.Value, instance) })] },
            _ => node,
        };
    }

    /// <summary>Counts values, so that variables and instances cannot make a short recipe too large for the memory.</summary>
    private void Grow(int values, SourceLocation place)
    {
        if (!_size.Grow(values))
        {
            problems.Add(place, $"with its variables and its stages with 'foreach', the recipe has more than {RecipeLimits.Values:N0} values.");
            problems.ThrowIfAny();
        }
    }

    private RecipeNode ResolveScalar(ScalarNode scalar, ForeachInstance? instance)
    {
        var text = scalar.Text;
        if (text.StartsWith(ReferenceSyntax.Open, StringComparison.Ordinal) && ReferenceSyntax.Close(text, ReferenceSyntax.Open.Length) == text.Length)
        {
            var reference = Evaluate(text[ReferenceSyntax.Open.Length..^1], scalar.Location, instance);
            Grow(RecipeSize.Of(reference.Value), scalar.Location);
            return From(scalar, reference.Value is ScalarNode single ? new ScalarNode(scalar.Location, single.Text, single.IsPlain) : reference.Value, reference);
        }

        List<Reference> references = [];
        var result = new StringBuilder();
        var done = 0;
        for (var at = ReferenceSyntax.Next(text, 0); at >= 0; at = ReferenceSyntax.Next(text, done))
        {
            var end = ReferenceSyntax.Close(text, at + ReferenceSyntax.Open.Length);
            if (end < 0)
            {
                return Broken(scalar.Location, $"'{text}': a $( without its closing parenthesis. Write $(NAME) or $(NAME, default); $$( stands for $(.");
            }

            result.Append(ReferenceSyntax.Unescape(text[done..at]));
            done = end;
            var reference = Evaluate(text[(at + ReferenceSyntax.Open.Length)..(end - 1)], scalar.Location, instance);
            references.Add(reference);
            switch (reference.Value)
            {
                case ScalarNode value:
                    Grow(RecipeSize.Of(value), scalar.Location);
                    result.Append(value.IsNull ? "" : value.Text);
                    if (result.Length > RecipeLimits.Text)
                    {
                        return Broken(scalar.Location, $"with its variables, this text has more than {RecipeLimits.Text:N0} characters.");
                    }

                    break;
                case BrokenNode broken:
                    return broken;
                case var other:
                    return Broken(scalar.Location, $"'{text[at..end]}' is {other.Describe()} and cannot be inserted into a text. Only single values can.");
            }
        }

        return From(scalar, new ScalarNode(scalar.Location, result.Append(ReferenceSyntax.Unescape(text[done..])).ToString(), scalar.IsPlain), [.. references]);
    }

    private static RecipeNode From(ScalarNode written, RecipeNode value, params IReadOnlyList<Reference> references) =>
        references.Count == 0 ? value with { Replaced = written.Replaced } : value with { Replaced = written.Replaced, Interpolated = new(written, references) };

    private Reference Evaluate(string expression, SourceLocation place, ForeachInstance? instance)
    {
        if (_underway.Count + _defaults > RecipeLimits.Depth)
        {
            return new(expression, Broken(place, $"more than {RecipeLimits.Depth} values refer to each other in a row."));
        }

        var comma = expression.IndexOf(',');
        var name = (comma < 0 ? expression : expression[..comma]).Trim();
        var dot = name.IndexOf('.');
        var (root, path) = dot < 0 ? ("", name) : (name[..dot], name[(dot + 1)..]);
        var value = root switch
        {
            "vars" => Variable(new(place, "variable", "variables"), path, comma >= 0),
            "env" => Environment(path, comma >= 0, place),
            "each" when instance is not null => Within(instance.Values, new(place, "name of 'foreach'", "names"), path, comma >= 0),
            "slug" when instance is not null => Within(instance.Slugs, new(place, "name of 'foreach'", "names"), path, comma >= 0),
            "each" or "slug" => Broken(place, $"'{name}' is only defined inside a stage with 'foreach', and not in the value of a variable."),
            "" when path is "seed" or "name" => TopLevel(path, place),
            _ => Broken(place, $"no value '{name}'. Values: vars.NAME, env.NAME, seed, name{(instance is null ? "" : ", each.NAME, slug.NAME")}."),
        };
        if (value is not null)
        {
            return new(name, value);
        }

        _defaults++;
        var byDefault = Resolve(new ScalarNode(place, expression[(comma + 1)..].Trim()), instance);
        _defaults--;
        return new(name, byDefault, IsDefault: true);
    }

    private RecipeNode TopLevel(string key, SourceLocation place) =>
        recipe[key] is { } node ? Named(key, node, place) : new ScalarNode(SourceLocation.Of("default"), key == "seed" ? "1" : defaultName);

    /// <summary>An environment variable; null when it is not set and the reference has a default.</summary>
    private RecipeNode? Environment(string name, bool hasDefault, SourceLocation place)
    {
        if (environment(name) is { } value)
        {
            secrets.Note(name, value);
            return new ScalarNode(SourceLocation.Of("environment"), value);
        }

        return hasDefault ? null : Broken(place, $"the environment variable '{name}' is not set. Set it, or give a default: $(env.{name}, default).");
    }

    /// <summary>The value at a path of the variables; null when there is none and the reference has a default.</summary>
    private RecipeNode? Variable(Wanted wanted, string path, bool hasDefault)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        if (!_vars.TryGetValue(name, out var entry))
        {
            return hasDefault ? null : Broken(wanted.Place, Suggestion.No(wanted.What, path, wanted.Heading, _vars.Keys));
        }

        var value = Named("vars." + name, entry.Value, wanted.Place);
        return dot < 0 || value is BrokenNode ? value : Within(value as MappingNode, wanted, path[(dot + 1)..], hasDefault, name + ".");
    }

    /// <summary>The value at a path of a scope; null when there is none and the reference has a default.</summary>
    private RecipeNode? Within(MappingNode? scope, Wanted wanted, string path, bool hasDefault, string before = "")
    {
        RecipeNode? value = null;
        foreach (var part in path.Split('.'))
        {
            value = scope?[part];
            if (value is null)
            {
                return hasDefault ? null : Broken(wanted.Place, Suggestion.No(wanted.What, before + path, wanted.Heading, scope?.Entries.Select(known => before + known.Key) ?? []));
            }

            if (value is BrokenNode)
            {
                return value;
            }

            (scope, before, path) = (value as MappingNode, before + part + ".", path[Math.Min(path.Length, part.Length + 1)..]);
        }

        return value;
    }

    private RecipeNode Named(string name, RecipeNode node, SourceLocation place)
    {
        if (_values.TryGetValue(name, out var known))
        {
            return known;
        }

        var start = _underway.IndexOf(name);
        if (start >= 0)
        {
            return Broken(place, $"values refer to each other in a cycle: {string.Join(" -> ", _underway.Skip(start).Append(name))}. One of them needs a value of its own.");
        }

        _underway.Add(name);
        var value = Resolve(node);
        _underway.RemoveAt(_underway.Count - 1);
        return _values[name] = value;
    }

    private BrokenNode Broken(SourceLocation place, string text)
    {
        problems.Add(place, text);
        return new(place);
    }

    /// <summary>The kind of name that a reference should have, and where the reference was written.</summary>
    private readonly record struct Wanted(SourceLocation Place, string What, string Heading);
}
