using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates;

/// <summary>
/// A chat format that a Jinja template describes. It renders like Hugging Face's <c>apply_chat_template</c> without
/// tools and documents.
/// </summary>
/// <remarks>
/// Text from a message stays marked wherever the template puts it. The four roles of <see cref="Message"/> count as the
/// template's own text, because templates build control tokens from them (<c>'&lt;|' + role + '|&gt;'</c>, Phi-4). Any
/// other role counts as content.
/// </remarks>
public sealed class JinjaChatFormat : IChatFormat
{
    private static readonly string[] Roles = [Message.System, Message.User, Message.Assistant, "tool"];
    private readonly JinjaTemplate _template;

    /// <summary>Reads a template.</summary>
    /// <exception cref="InvalidDataException">
    /// The text is not a template, or uses something that is not supported; the message names file, line and column.
    /// </exception>
    public JinjaChatFormat(ChatTemplateSource template) => (_template, Template) = (new(template.Place, template.Text), template);

    /// <inheritdoc/>
    public ChatTemplateSource Template { get; }

    /// <inheritdoc/>
    public IReadOnlyList<ChatText> Render(IReadOnlyList<Message> messages, bool answers)
    {
        Dictionary<string, object?> variables = new()
        {
            ["messages"] = messages.Select((message, turn) => (object?)Value(message, turn)).ToList(),
            ["add_generation_prompt"] = answers,
            ["tools"] = null,
            ["documents"] = null,
        };
        foreach (var (name, token) in Template.SpecialTokens)
        {
            variables[name] = (MarkedText)token;
        }

        return _template.Render(variables);
    }

    private static MapValue Value(Message message, int turn) => new()
    {
        ["role"] = MarkedText.Of([new(message.Role, IsContent: !Roles.Contains(message.Role))]),
        ["content"] = MarkedText.Of([new(message.Content, IsContent: true, turn)]),
    };
}
