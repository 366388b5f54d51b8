namespace Experiments.Contracts.Text;

/// <summary>
/// ChatML (OpenAI): each message is <c>&lt;|im_start|&gt;ROLE\nCONTENT&lt;|im_end|&gt;\n</c>. Control tokens are placed as ids, never parsed
/// from text, so no message can break out of its role.
/// </summary>
public sealed class ChatTemplate(ITokenizer tokenizer)
{
    private readonly int _start = tokenizer.Special(Tokenizers.MessageStart);
    private readonly int _end = tokenizer.Special(Tokenizers.MessageEnd);
    private readonly int _document = tokenizer.Special(Tokenizers.EndOfText);
    private readonly int[] _newline = tokenizer.Encode("\n");

    /// <summary>The token with which the assistant ends its turn.</summary>
    public int EndOfTurn => _end;

    /// <summary>Renders a conversation for training: each token with whether it is the assistant's to learn (content and the closing token).</summary>
    public (int[] Tokens, bool[] Learned) Render(IReadOnlyList<Message> messages)
    {
        List<int> tokens = [_document];
        List<bool> learned = [false];
        foreach (var message in messages)
        {
            Append(Header(message.Role), isLearned: false);
            var isAssistant = message.Role == Message.Assistant;
            Append([.. tokenizer.Encode(message.Content), _end], isAssistant);
            Append(_newline, isLearned: false);
        }

        return ([.. tokens], [.. learned]);

        void Append(ReadOnlySpan<int> ids, bool isLearned)
        {
            foreach (var id in ids)
            {
                tokens.Add(id);
                learned.Add(isLearned);
            }
        }
    }

    /// <summary>Renders a conversation up to the point where the assistant speaks.</summary>
    public int[] RenderPrompt(IReadOnlyList<Message> messages) => [.. Render(messages).Tokens, .. Header(Message.Assistant)];

    private int[] Header(string role) => [_start, .. tokenizer.Encode(role), .. _newline];
}
