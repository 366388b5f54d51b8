namespace Experiments.Contracts.Text;

/// <summary>Turns a conversation into text, and marks which of it came from messages.</summary>
public interface IChatFormat
{
    /// <summary>Renders a conversation.</summary>
    /// <param name="messages">The turns.</param>
    /// <param name="answers">Whether to end the text where the assistant answers.</param>
    /// <returns>
    /// The text, in order. Text from a message is marked, so that a special token written in it stays text.
    /// </returns>
    /// <exception cref="InvalidDataException">
    /// The format rejects the conversation, for example because its roles do not alternate. The message says why.
    /// </exception>
    IReadOnlyList<ChatText> Render(IReadOnlyList<Message> messages, bool answers);

    /// <summary>Special tokens that the format needs; a tokenizer that lacks one cannot chat. Default: none.</summary>
    IReadOnlyList<string> ControlTokens => [];

    /// <summary>The template that the format was read from, which is written along with a tokenizer. Default: null, for a format that has none.</summary>
    ChatTemplateSource? Template => null;
}

/// <summary>A part of a rendered conversation.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsContent">
/// Whether it came from a message. Other text comes from the format itself, and special tokens in it are recognized.
/// </param>
/// <param name="Turn">
/// The index of the message whose content it is; null for a role and for text of the format itself.
/// </param>
public readonly record struct ChatText(string Text, bool IsContent, int? Turn = null);

/// <summary>
/// ChatML (OpenAI): each message is <c>&lt;|im_start|&gt;ROLE\nCONTENT&lt;|im_end|&gt;\n</c>, preceded by the
/// end-of-text token.
/// </summary>
public sealed class ChatMl : IChatFormat
{
    private ChatMl()
    {
    }

    /// <summary>The only instance.</summary>
    public static ChatMl Format { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> ControlTokens =>
        [Tokenizers.EndOfText, Tokenizers.MessageStart, Tokenizers.MessageEnd];

    /// <inheritdoc/>
    public IReadOnlyList<ChatText> Render(IReadOnlyList<Message> messages, bool answers)
    {
        List<ChatText> parts = [new(Tokenizers.EndOfText, false)];
        foreach (var (turn, message) in messages.Index())
        {
            parts.AddRange(
            [
                new(Tokenizers.MessageStart, false), new(message.Role, true), new("\n", false),
                new(message.Content, true, turn), new(Tokenizers.MessageEnd + "\n", false),
            ]);
        }

        return answers ? [.. parts, new($"{Tokenizers.MessageStart}{Message.Assistant}\n", false)] : parts;
    }
}
