namespace Experiments.Plugins.ChatTemplates;

/// <summary>The text of a template, and the file that it comes from.</summary>
/// <param name="Place">File and key, for errors: <c>tokenizer_config.json: chat_template</c>.</param>
/// <param name="Text">The template. Its lines end with line feeds only.</param>
internal sealed record TemplateSource(string Place, string Text)
{
    /// <summary>Makes an error that names file, line and column.</summary>
    /// <param name="at">Position of the error in the template.</param>
    /// <param name="problem">What is wrong, and how to fix it.</param>
    public InvalidDataException Error(int at, string problem)
    {
        var before = Text.AsSpan(0, Math.Min(at, Text.Length));
        return new InvalidDataException($"{Place}({before.Count('\n') + 1},{before.Length - before.LastIndexOf('\n')}): {problem}");
    }
}

/// <summary>
/// A problem with a value, thrown where the position in the template is not known. The evaluator turns it into an error
/// with a position.
/// </summary>
internal sealed class TemplateFault(string problem) : Exception(problem);
