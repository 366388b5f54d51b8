using Experiments.Contracts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>Reads chat templates in Jinja, as in the files of Hugging Face's tokenizers.</summary>
/// <remarks>
/// It supports the part of Jinja that chat templates use, and needs no Python. The interpreter runs no code except the
/// template's.
/// </remarks>
[Plugin(ChatTemplateSource.Jinja)]
public sealed class JinjaTemplateLanguage : ITemplateLanguage
{
    /// <inheritdoc/>
    public IChatFormat Read(ChatTemplateSource template) => new JinjaChatFormat(template);
}
