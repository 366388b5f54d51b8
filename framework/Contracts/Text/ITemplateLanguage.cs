using System.Text.Json;

namespace Experiments.Contracts.Text;

/// <summary>A language of chat templates.</summary>
[PluginKind("template-language")]
public interface ITemplateLanguage
{
    /// <summary>Parses a template.</summary>
    /// <exception cref="InvalidDataException">
    /// The template is invalid, or uses a part of the language that is not supported. The message names file, line and
    /// column.
    /// </exception>
    IChatFormat Read(ChatTemplateSource template);
}

/// <summary>A chat template as text, from the files of a tokenizer.</summary>
/// <param name="Language">The plugin that reads it: <c>jinja</c>.</param>
/// <param name="Place">File and key, for errors: <c>tokenizer_config.json: chat_template</c>.</param>
/// <param name="Text">The template.</param>
/// <param name="SpecialTokens">
/// Special tokens by the template's names for them: <c>bos_token</c>, <c>eos_token</c> ...
/// </param>
public sealed record ChatTemplateSource(string Language, string Place, string Text, IReadOnlyDictionary<string, string> SpecialTokens)
{
    /// <summary>The name of Jinja, the language of Hugging Face's chat templates.</summary>
    public const string Jinja = "jinja";

    /// <summary>Parses the template with the plugin of its language.</summary>
    /// <exception cref="InvalidDataException">
    /// No plugin knows this language, or the template is not supported. The message says where.
    /// </exception>
    public IChatFormat Read(IPluginSource plugins) =>
        plugins.Create<ITemplateLanguage>(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["use"] = Language })).Read(this);
}
