using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Reads chat templates in Jinja, as Hugging Face's tokenizers carry them.</summary>
/// <remarks>The part of Jinja that chat templates use, without its dependence on Python; the interpreter runs no code from outside the template.</remarks>
[Plugin(ChatTemplateSource.Jinja)]
public sealed class JinjaTemplateLanguage : ITemplateLanguage
{
    /// <inheritdoc/>
    public IChatFormat Read(ChatTemplateSource template) => new JinjaChatFormat(template);
}
