namespace Experiments.Plugins.ChatTemplates;

/// <summary>A template's text, and where it was found.</summary>
/// <param name="Place">File and key, for errors: <c>tokenizer_config.json: chat_template</c>.</param>
/// <param name="Text">The template, with line feeds alone.</param>
internal sealed record TemplateSource(string Place, string Text)
{
    /// <summary>An error that names file, line and column.</summary>
    /// <param name="at">The character at which it is.</param>
    /// <param name="problem">What is wrong, and what to do.</param>
    public InvalidDataException Error(int at, string problem)
    {
        var before = Text.AsSpan(0, Math.Min(at, Text.Length));
        return new InvalidDataException($"{Place}({before.Count('\n') + 1},{before.Length - before.LastIndexOf('\n')}): {problem}");
    }
}

/// <summary>What is wrong with a value, thrown where its place in the template is not known; the evaluator turns it into an error with its place.</summary>
internal sealed class TemplateFault(string problem) : Exception(problem);
