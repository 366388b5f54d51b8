using System.Text.Json;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;

namespace Experiments.Plugins.Tokenizers.Formats;

/// <summary>
/// Finds the chat template of a folder like transformers: <c>chat_template.jinja</c>, or <c>chat_template</c> in
/// tokenizer_config.json.
/// </summary>
internal static class ChatTemplateFile
{
    /// <summary>The file for a template. It takes precedence over the template in tokenizer_config.json.</summary>
    public const string TemplateFile = "chat_template.jinja";

    /// <summary>The template of <see cref="ChatMl"/>, written for other tools.</summary>
    public const string ChatMlTemplate =
        "{{ '<|endoftext|>' }}{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private const string Key = "chat_template";

    /// <summary>Opens the chat format of a folder; ChatML if the folder has no template.</summary>
    /// <exception cref="InvalidDataException">
    /// The template is not supported, or the file is damaged; the message names file and place.
    /// </exception>
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

    /// <summary>
    /// The configuration's entries with the name <c>..._token</c>, which are a text or the description of an added
    /// token.
    /// </summary>
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
