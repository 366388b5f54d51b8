using Experiments.Contracts.Text;

namespace Experiments.Plugins.ChatTemplates.Tests;

/// <summary>Renders templates in one call.</summary>
internal static class Rendering
{
    /// <summary>The special tokens that are given to templates.</summary>
    public static Dictionary<string, string> Tokens { get; } = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>" };

    /// <summary>Opens a template.</summary>
    public static IChatFormat Open(string template) =>
        new JinjaTemplateLanguage().Read(new(ChatTemplateSource.Jinja, "tokenizer_config.json: chat_template", template, Tokens));

    /// <summary>Renders a conversation, as text.</summary>
    public static string Text(string template, bool answers = false, params (string Role, string Content)[] messages) =>
        string.Concat(Open(template).Render(Messages(messages), answers).Select(part => part.Text));

    /// <summary>Makes messages of roles and contents.</summary>
    public static Message[] Messages(params (string Role, string Content)[] messages) => [.. messages.Select(message => new Message(message.Role, message.Content))];

    /// <summary>The error message of a template, from its position on.</summary>
    public static string Problem(string template, params (string Role, string Content)[] messages)
    {
        var problem = Should.Throw<InvalidDataException>(() => Text(template, false, messages)).Message;
        problem.ShouldStartWith("tokenizer_config.json: chat_template(");
        return problem["tokenizer_config.json: chat_template".Length..];
    }
}
