namespace Experiments.Contracts.Text;

/// <summary>One turn of a conversation.</summary>
/// <param name="Role">system, user, assistant or tool.</param>
/// <param name="Content">The text.</param>
public sealed record Message(string Role, string Content)
{
    /// <summary>The role that gives instructions.</summary>
    public const string System = "system";

    /// <summary>The role that asks.</summary>
    public const string User = "user";

    /// <summary>The role that answers. Only its tokens are learned.</summary>
    public const string Assistant = "assistant";
}

/// <summary>A conversation.</summary>
/// <param name="Messages">The turns, in order.</param>
/// <param name="Kind">Its subject, such as <c>addition</c>; null if the source does not say.</param>
public sealed record Conversation(IReadOnlyList<Message> Messages, string? Kind = null);

/// <summary>A question with its checkable answer.</summary>
/// <param name="Prompt">What the user asks.</param>
/// <param name="Answer">The true answer.</param>
/// <param name="Kind">The class of problems, such as <c>addition</c>; null if the source does not say.</param>
public sealed record Problem(string Prompt, string Answer, string? Kind = null);
