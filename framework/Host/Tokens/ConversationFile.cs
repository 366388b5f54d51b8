using System.Text.Json;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;

namespace Experiments.Host.Tokens;

/// <summary>A file with one conversation: <c>{"messages": [{"role": "user", "content": "..."}]}</c>, or the list alone.</summary>
public static class ConversationFile
{
    /// <summary>Reads it.</summary>
    /// <param name="json">The file.</param>
    /// <param name="source">Its name in errors.</param>
    /// <exception cref="InvalidDataException">It has another shape; the message says where.</exception>
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
