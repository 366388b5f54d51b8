using System.Text;

namespace Experiments.Engine.Recipes;

/// <summary>
/// Puts values in place of <c>$(vars.x)</c>, <c>$(env.NAME, default)</c>, <c>$(seed)</c> and <c>$(name)</c>. A scalar that is nothing else
/// becomes the value itself, be it a list or a mapping; inside other text the value's text is put in. <c>$$(</c> stands for <c>$(</c>.
/// </summary>
internal sealed class Interpolator(MappingNode recipe, string defaultName, Func<string, string?> environment, RecipeProblems problems)
{
    private const string Open = "$(";
    private readonly MappingNode? _vars = recipe["vars"] as MappingNode;
    private readonly Dictionary<string, RecipeNode> _values = [];
    private readonly List<string> _underway = [];

    /// <summary>Whether a text has a <c>$(</c> without its closing parenthesis.</summary>
    public static bool IsOpen(string text)
    {
        for (var at = Next(text, 0); at >= 0; at = Next(text, at))
        {
            at = Close(text, at + Open.Length);
            if (at < 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The text that gives <paramref name="text"/> when it is interpolated.</summary>
    public static string Escape(string text) => text.Replace(Open, "$$(", StringComparison.Ordinal);

    /// <summary>The node with everything put in place.</summary>
    public RecipeNode Resolve(RecipeNode node) => node switch
    {
        ScalarNode scalar when scalar.Text.Contains(Open, StringComparison.Ordinal) => ResolveScalar(scalar),
        SequenceNode list => new SequenceNode(list.Location, [.. list.Items.Select(Resolve)]),
        MappingNode map => new MappingNode(map.Location, [.. map.Entries.Select(entry => entry with { Value = Resolve(entry.Value) })]),
        _ => node,
    };

    private RecipeNode ResolveScalar(ScalarNode scalar)
    {
        var text = scalar.Text;
        if (text.StartsWith(Open, StringComparison.Ordinal) && Close(text, Open.Length) == text.Length)
        {
            return Evaluate(text[Open.Length..^1], scalar.Location);
        }

        var result = new StringBuilder();
        var done = 0;
        for (var at = Next(text, 0); at >= 0; at = Next(text, done))
        {
            var end = Close(text, at + Open.Length);
            if (end < 0)
            {
                return Broken(scalar.Location, $"'{text}': a $( without its closing parenthesis. Write $(NAME) or $(NAME, default); $$( stands for $(.");
            }

            result.Append(Unescape(text[done..at]));
            done = end;
            switch (Evaluate(text[(at + Open.Length)..(end - 1)], scalar.Location))
            {
                case ScalarNode value:
                    result.Append(value.IsNull ? "" : value.Text);
                    break;
                case BrokenNode broken:
                    return broken;
                case var other:
                    return Broken(scalar.Location, $"'{text[at..end]}' is {other.Describe()} and cannot stand inside a text. Only single values can.");
            }
        }

        return new ScalarNode(scalar.Location, result.Append(Unescape(text[done..])).ToString(), scalar.IsPlain);
    }

    private RecipeNode Evaluate(string expression, SourceLocation place)
    {
        var comma = expression.IndexOf(',');
        var name = (comma < 0 ? expression : expression[..comma]).Trim();
        RecipeNode? Default() => comma < 0 ? null : Resolve(new ScalarNode(place, expression[(comma + 1)..].Trim()));

        if (name.StartsWith("env.", StringComparison.Ordinal))
        {
            var value = environment(name[4..]);
            return value is not null ? new ScalarNode(place, value)
                : Default() ?? Broken(place, $"the environment variable '{name[4..]}' is not set. Set it, or give a default: $({name}, default).");
        }

        return name.StartsWith("vars.", StringComparison.Ordinal) ? Variable(name[5..], place, Default)
            : name is "seed" or "name" ? TopLevel(name, place)
            : Broken(place, $"no value '{name}'. Values: vars.NAME, env.NAME, seed, name.");
    }

    private RecipeNode TopLevel(string key, SourceLocation place) =>
        recipe[key] is { } node ? Named(key, node, place) : new ScalarNode(place, key == "seed" ? "1" : defaultName);

    private RecipeNode Variable(string path, SourceLocation place, Func<RecipeNode?> byDefault)
    {
        var parts = path.Split('.');
        var scope = _vars;
        RecipeNode? value = null;
        for (var i = 0; i < parts.Length; i++)
        {
            var entry = scope?.Find(parts[i]);
            if (entry is null)
            {
                var prefix = string.Concat(parts.Take(i).Select(part => part + "."));
                return byDefault() ?? Broken(place, Suggestion.No("variable", path, "variables", scope?.Entries.Select(known => prefix + known.Key) ?? []));
            }

            value = i == 0 ? Named("vars." + entry.Key, entry.Value, place) : entry.Value;
            scope = value as MappingNode;
            if (value is BrokenNode)
            {
                return value;
            }
        }

        return value is ScalarNode scalar ? new ScalarNode(place, scalar.Text, scalar.IsPlain) : value!;
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
            return Broken(place, $"values refer to each other in a circle: {string.Join(" -> ", _underway.Skip(start).Append(name))}. One of them needs a value of its own.");
        }

        _underway.Add(name);
        var value = Resolve(node);
        _underway.RemoveAt(_underway.Count - 1);
        return _values[name] = value;
    }

    private static int Next(string text, int from)
    {
        for (var at = text.IndexOf(Open, from, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Open, at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || text[at - 1] != '$')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The position behind the parenthesis that closes the one before <paramref name="from"/>, or -1.</summary>
    private static int Close(string text, int from)
    {
        var depth = 1;
        for (var i = from; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i + 1;
            }
        }

        return -1;
    }

    private static string Unescape(string text) => text.Replace("$$(", Open, StringComparison.Ordinal);

    private BrokenNode Broken(SourceLocation place, string text)
    {
        problems.Add(place, text);
        return new(place);
    }
}
