namespace Experiments.Contracts.Text;

/// <summary>How a conversation becomes text, and which of it is control.</summary>
public interface IChatFormat
{
    /// <summary>Writes a conversation out.</summary>
    /// <param name="messages">The turns.</param>
    /// <param name="answers">Whether the text ends where the assistant speaks.</param>
    /// <returns>The text in order. What came from a message is marked, so that what looks like a special token in it stays text.</returns>
    /// <exception cref="InvalidDataException">The format refuses such a conversation, as one whose roles do not alternate; the message says why.</exception>
    IReadOnlyList<ChatText> Render(IReadOnlyList<Message> messages, bool answers);

    /// <summary>Special tokens without which the format means nothing; a tokenizer that lacks one cannot chat. Default: none.</summary>
    IReadOnlyList<string> ControlTokens => [];

    /// <summary>The template that the format was read from, which is written along with a tokenizer. Default: null, for a format that has none.</summary>
    ChatTemplateSource? Template => null;
}

/// <summary>A stretch of a rendered conversation.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsContent">Whether it came from a message. What did not is the format's own, and special tokens in it are themselves.</param>
/// <param name="Turn">The place, from 0, of the message whose content it is; null for a role and for what is the format's own.</param>
public readonly record struct ChatText(string Text, bool IsContent, int? Turn = null);

/// <summary>ChatML (OpenAI): each message is <c>&lt;|im_start|&gt;ROLE\nCONTENT&lt;|im_end|&gt;\n</c>, and the document's token stands before all.</summary>
public sealed class ChatMl : IChatFormat
{
    private ChatMl()
    {
    }

    /// <summary>The format.</summary>
    public static ChatMl Format { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> ControlTokens => [Tokenizers.EndOfText, Tokenizers.MessageStart, Tokenizers.MessageEnd];

    /// <inheritdoc/>
    public IReadOnlyList<ChatText> Render(IReadOnlyList<Message> messages, bool answers)
    {
        List<ChatText> parts = [new(Tokenizers.EndOfText, false)];
        foreach (var (turn, message) in messages.Index())
        {
            parts.AddRange([new(Tokenizers.MessageStart, false), new(message.Role, true), new("\n", false), new(message.Content, true, turn), new(Tokenizers.MessageEnd + "\n", false)]);
        }

        return answers ? [.. parts, new($"{Tokenizers.MessageStart}{Message.Assistant}\n", false)] : parts;
    }
}
