using System.Buffers;

namespace Experiments.Contracts.Text;

/// <summary>
/// Turns conversations into tokens by a tokenizer's chat format (<see cref="ITokenizer.Chat"/>), and marks the tokens
/// that the assistant learns. Control tokens are recognized only in the text of the format itself, so no message can
/// break out of its role.
/// </summary>
/// <remarks>
/// The text between control tokens is encoded as one piece, as in Hugging Face's <c>apply_chat_template</c>, but it is
/// cut where the assistant begins, because an answering model starts there with a fresh token. The model learns what it
/// writes itself: everything from the end of the prompt through the special token that ends the turn. If the prompt is
/// not a prefix of the conversation (a reasoning model's prompt may end with <c>&lt;think&gt;</c>), learning starts at
/// the first character of the content.
/// </remarks>
public sealed class ChatTemplate
{
    private static readonly Message[] Probe = [new(Message.User, "1"), new(Message.Assistant, "2")];
    private readonly ITokenizer _tokenizer;
    private readonly IChatFormat _format;
    private readonly SearchValues<string> _search;
    private readonly Lazy<int> _endOfTurn;

    /// <summary>Uses the tokenizer's format.</summary>
    /// <exception cref="InvalidDataException">
    /// The format is not supported, or the tokenizer lacks a special token that the format needs. The message names it.
    /// </exception>
    public ChatTemplate(ITokenizer tokenizer)
    {
        (_tokenizer, _format) = (tokenizer, tokenizer.Chat);
        _search = SearchValues.Create(
            [.. tokenizer.SpecialTokens.Keys.Where(token => token.Length > 0)], StringComparison.Ordinal);
        _endOfTurn = new(FindEndOfTurn);
        foreach (var token in _format.ControlTokens)
        {
            tokenizer.Special(token);
        }
    }

    /// <summary>The token that ends the assistant's turn: the first special token after its content.</summary>
    /// <exception cref="InvalidDataException">The format has no such token.</exception>
    public int EndOfTurn => _endOfTurn.Value;

    /// <summary>
    /// Renders a conversation for training. For each token it also tells whether the model learns it.
    /// </summary>
    /// <exception cref="InvalidDataException">The format refuses such a conversation; the message says why.</exception>
    public (int[] Tokens, bool[] Learned) Render(IReadOnlyList<Message> messages) =>
        Encode(Write(messages, answers: false), messages);

    /// <summary>Renders a conversation up to the point where the assistant answers.</summary>
    /// <exception cref="InvalidDataException">The format refuses such a conversation; the message says why.</exception>
    public int[] RenderPrompt(IReadOnlyList<Message> messages) =>
        Encode(Write(messages, answers: true), messages).Tokens;

    private RenderedChat Write(IReadOnlyList<Message> messages, bool answers) =>
        new(_format.Render(messages, answers), _tokenizer.SpecialTokens, _search);

    private (int[] Tokens, bool[] Learned) Encode(RenderedChat chat, IReadOnlyList<Message> messages)
    {
        var answers = Answers(chat, messages);
        int[] cuts = [.. answers.SelectMany(answer => new[] { answer.Start, answer.End }).Order(), chat.Text.Length];
        List<int> tokens = [];
        List<bool> learned = [];
        var at = 0;
        foreach (var (start, end, id) in chat.Controls)
        {
            AddText(start);
            Add([id], start);
            at = end;
        }

        AddText(chat.Text.Length);
        return ([.. tokens], [.. learned]);

        void AddText(int end)
        {
            foreach (var cut in cuts.Where(cut => cut > at && cut < end).Append(end).ToArray())
            {
                if (cut > at)
                {
                    Add(_tokenizer.Encode(chat.Text[at..cut]), at);
                    at = cut;
                }
            }
        }

        void Add(int[] ids, int start)
        {
            tokens.AddRange(ids);
            learned.AddRange(
                Enumerable.Repeat(answers.Exists(answer => start >= answer.Start && start < answer.End), ids.Length));
        }
    }

    /// <summary>What the assistant writes: from the end of the prompt through the token that ends the turn.</summary>
    private List<(int Start, int End)> Answers(RenderedChat chat, IReadOnlyList<Message> messages)
    {
        List<(int Start, int End)> answers = [];
        foreach (var turn in Enumerable.Range(0, messages.Count).Where(turn => messages[turn].Role == Message.Assistant))
        {
            var content = chat.ContentOf(turn);
            if ((PromptEnd(chat, messages, turn, content?.Start) ?? content?.Start) is { } start)
            {
                var end = content?.End ?? start;
                answers.Add((start, chat.ControlAfter(end)?.End ?? end));
            }
        }

        return answers;
    }

    private int? PromptEnd(RenderedChat chat, IReadOnlyList<Message> messages, int turn, int? contentStart)
    {
        if (turn == 0)
        {
            return null;
        }

        var prompt = string.Concat(_format.Render([.. messages.Take(turn)], answers: true).Select(part => part.Text));
        return prompt.Length <= (contentStart ?? chat.Text.Length) && chat.Text.StartsWith(prompt, StringComparison.Ordinal)
            ? prompt.Length
            : null;
    }

    private int FindEndOfTurn()
    {
        var chat = Write(Probe, answers: false);
        return chat.ContentOf(1) is { } content && chat.ControlAfter(content.End) is { } control
            ? control.Id
            : throw new InvalidDataException(
                "The chat format has no special token that ends the assistant's turn, so no answer would end. It renders: "
                + $"'{chat.Text}'. Special tokens: {string.Join(' ', _tokenizer.SpecialTokens.Keys)}");
    }
}
