using System.Text.Json;

namespace Experiments.Contracts.Text;

/// <summary>A language in which chat templates are written.</summary>
[PluginKind("template-language")]
public interface ITemplateLanguage
{
    /// <summary>Reads a template.</summary>
    /// <exception cref="InvalidDataException">The template breaks the rules of the language, or uses a part of it that is not supported; the message names file, line and column.</exception>
    IChatFormat Read(ChatTemplateSource template);
}

/// <summary>A chat template as text, which a tokenizer's files hold.</summary>
/// <param name="Language">The plugin that reads it: <c>jinja</c>.</param>
/// <param name="Place">File and key, for errors: <c>tokenizer_config.json: chat_template</c>.</param>
/// <param name="Text">The template.</param>
/// <param name="SpecialTokens">Special tokens by the template's names for them: <c>bos_token</c>, <c>eos_token</c> ...</param>
public sealed record ChatTemplateSource(string Language, string Place, string Text, IReadOnlyDictionary<string, string> SpecialTokens)
{
    /// <summary>The name of Jinja, the language of Hugging Face's chat templates.</summary>
    public const string Jinja = "jinja";

    /// <summary>Reads the template with the plugin of its language.</summary>
    /// <exception cref="InvalidDataException">No plugin reads this language, or the template cannot be followed; the message says where.</exception>
    public IChatFormat Read(IPluginSource plugins) =>
        plugins.Create<ITemplateLanguage>(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["use"] = Language })).Read(this);
}
