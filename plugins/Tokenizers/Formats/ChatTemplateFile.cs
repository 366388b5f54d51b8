using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>Finds the chat template of a folder as transformers does: <c>chat_template.jinja</c>, or <c>chat_template</c> in tokenizer_config.json.</summary>
internal static class ChatTemplateFile
{
    /// <summary>A template in a file of its own; it goes before the one in tokenizer_config.json.</summary>
    public const string TemplateFile = "chat_template.jinja";

    /// <summary>The template of <see cref="ChatMl"/>, for others to read.</summary>
    public const string ChatMlTemplate =
        "{{ '<|endoftext|>' }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private const string Key = "chat_template";

    /// <summary>Opens the chat format of a folder; ChatML where it has no template.</summary>
    /// <exception cref="InvalidDataException">The template cannot be followed, or the file is damaged; the message names file and place.</exception>
    public static IChatFormat Open(string folder, IPluginSource plugins)
    {
        var config = Path.Combine(folder, HuggingFaceTokenizerFormat.ConfigFile);
        var file = Path.Combine(folder, TemplateFile);
        try
        {
            using var document = JsonDocument.Parse(File.Exists(config) ? File.ReadAllBytes(config) : "{}"u8.ToArray());
            var (place, template) = File.Exists(file) ? (file, File.ReadAllText(file)) : ($"{config}: {Key}", Template(document.RootElement));
            return template is null or ChatMlTemplate ? ChatMl.Format : new ChatTemplateSource(ChatTemplateSource.Jinja, place, template, SpecialTokens(document.RootElement)).Read(plugins);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"{config}: {problem.Message}", problem);
        }

        string? Template(JsonElement root) =>
            !root.TryGetProperty(Key, out var value) || value.ValueKind == JsonValueKind.Null ? null
            : value.ValueKind == JsonValueKind.String ? value.GetString()
            : value.ValueKind == JsonValueKind.Array ? Default(value)
            : throw new InvalidDataException($"{config}: {Key}: must be a text, or a list of {{name, template}}.");

        string Default(JsonElement list)
        {
            var templates = list.EnumerateArray().ToDictionary(entry => entry.Text("name"), entry => entry.Text("template"));
            return templates.GetValueOrDefault("default")
                ?? throw new InvalidDataException($"{config}: {Key}: none of the templates is named 'default'. There are: {string.Join(", ", templates.Keys)}.");
        }
    }

    /// <summary>What the configuration names <c>..._token</c>, as a text or as an added token's description.</summary>
    private static Dictionary<string, string> SpecialTokens(JsonElement root)
    {
        Dictionary<string, string> tokens = [];
        foreach (var entry in root.EnumerateObject().Where(entry => entry.Name.EndsWith("_token", StringComparison.Ordinal)))
        {
            if (entry.Value.ValueKind == JsonValueKind.String)
            {
                tokens[entry.Name] = entry.Value.GetString()!;
            }
            else if (entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
            {
                tokens[entry.Name] = content.GetString()!;
            }
        }

        return tokens;
    }
}
