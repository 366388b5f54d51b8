using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// A template in the part of Jinja that chat templates use, with the settings of transformers. Every text records which
/// of its characters came from a message.
/// </summary>
internal sealed class JinjaTemplate
{
    private readonly TemplateSource _source;
    private readonly IReadOnlyList<Statement> _statements;

    /// <summary>Reads a template.</summary>
    /// <param name="place">File and key of the template, for errors.</param>
    /// <param name="text">The template.</param>
    /// <exception cref="InvalidDataException">
    /// The text is not a template, or uses something that is not supported; the message names file, line and column.
    /// </exception>
    public JinjaTemplate(string place, string text)
    {
        var lines = text.ReplaceLineEndings("\n");
        _source = new(place, lines.EndsWith('\n') ? lines[..^1] : lines);
        _statements = TemplateParser.Read(_source);
    }

    /// <summary>Renders the template.</summary>
    /// <exception cref="InvalidDataException">
    /// The template rejects the values, or an expression has no value; the message names file, line and column.
    /// </exception>
    public IReadOnlyList<ChatText> Render(IEnumerable<KeyValuePair<string, object?>> variables)
    {
        var scope = new Scope(null);
        scope.Set("range", new Function(Arithmetic.Range));
        scope.Set("namespace", new Function(Namespace));
        scope.Set("dict", new Function(Dictionary));
        scope.Set("raise_exception", new Function(arguments => throw new TemplateFault(Values.ToText(arguments.Bind(1, "message")[0]).Text)));
        foreach (var (name, value) in variables)
        {
            scope.Set(name, value);
        }

        return new TemplateRunner(_source).Run(_statements, scope);
    }

    private static NamespaceValue Namespace(CallArguments arguments)
    {
        var space = new NamespaceValue();
        foreach (var (name, value) in Dictionary(arguments))
        {
            space[name.Text] = value;
        }

        return space;
    }

    private static MapValue Dictionary(CallArguments arguments)
    {
        var map = new MapValue();
        foreach (var (name, value) in arguments.Positional.OfType<MapValue>().SelectMany(given => given).Select(entry => (entry.Key, entry.Value))
            .Concat(arguments.Named.Select(entry => ((MarkedText)entry.Key, entry.Value))))
        {
            map[name] = value;
        }

        return map;
    }
}
