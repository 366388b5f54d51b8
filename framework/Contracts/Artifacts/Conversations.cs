using System.Text.Json;
using Experiments.Contracts.Text;

namespace Experiments.Contracts.Artifacts;

/// <summary>
/// Conversations: JSON lines with <c>messages: [{role, content}]</c>. ShareGPT (<c>conversations: [{from, value}]</c>)
/// and Alpaca (<c>instruction, input, output</c>) lines are also read.
/// </summary>
public sealed class Conversations(ArtifactLocation location) : Artifact(location)
{
    /// <summary>Reads the conversations of all files, one at a time.</summary>
    /// <exception cref="InvalidDataException">
    /// A line has none of the known shapes. The message names file and line.
    /// </exception>
    public IEnumerable<Conversation> Read() => JsonLines.Read(Files, Parse);

    /// <summary>Writes a file of conversations.</summary>
    public static void Write(string path, IEnumerable<Conversation> conversations) =>
        JsonLines.Write(path, conversations);

    private static Conversation Parse(JsonElement line)
    {
        var kind = line.OptionalText("kind");
        if (line.TryGetProperty("messages", out var messages))
        {
            return new(
                [.. messages.EnumerateArray().Select(turn => new Message(turn.Text("role"), turn.Text("content")))],
                kind);
        }

        if (line.TryGetProperty("conversations", out var turns))
        {
            return new(
                [.. turns.EnumerateArray().Select(turn => new Message(ShareGptRole(turn.Text("from")), turn.Text("value")))],
                kind);
        }

        var input = line.OptionalText("input");
        var instruction = line.Text("instruction");
        var question = string.IsNullOrEmpty(input) ? instruction : $"{instruction}\n\n{input}";
        return new([new(Message.User, question), new(Message.Assistant, line.Text("output"))], kind);
    }

    private static string ShareGptRole(string from) => from switch
    {
        "human" => Message.User,
        "gpt" => Message.Assistant,
        _ => from,
    };
}
