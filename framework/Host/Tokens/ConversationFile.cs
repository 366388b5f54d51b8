using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>
/// A file with one conversation: <c>{"messages": [{"role": "user", "content": "..."}]}</c>, or only the list.
/// </summary>
public static class ConversationFile
{
    /// <summary>Reads the conversation.</summary>
    /// <param name="json">The file.</param>
    /// <param name="source">The file's name for messages.</param>
    /// <exception cref="InvalidDataException">The JSON has a different shape. The message says where.</exception>
    public static IReadOnlyList<Message> Read(ReadOnlySpan<byte> json, string source)
    {
        try
        {
            var root = JsonSerializer.Deserialize<JsonElement>(json);
            var messages = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("messages");
            return [.. messages.EnumerateArray().Select(message => new Message(message.Text("role"), message.Text("content")))];
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($$"""{{source}}: {{problem.Message}} Expected one conversation: {"messages": [{"role": "user", "content": "..."}]}""", problem);
        }
    }
}
