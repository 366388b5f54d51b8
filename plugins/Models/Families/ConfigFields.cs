using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Plugins.Models.Families;

/// <summary>
/// The fields of a <c>config.json</c>. It records which of them were read: a field that is never read may change what
/// the model computes, so it is an error.
/// </summary>
/// <param name="place">Path of the file, for messages.</param>
/// <param name="fields">The fields.</param>
internal sealed class ConfigFields(string place, JsonObject fields)
{
    /// <summary>
    /// Fields that any model may have and that do not change what it computes: names, training, tokens, the form of
    /// outputs.
    /// </summary>
    private static readonly string[] WithoutEffect =
    [
        "architectures", "model_type", "vocab_size", "torch_dtype", "dtype", "transformers_version", "_name_or_path", "use_cache", "initializer_range", "attention_dropout", "pretraining_tp",
        "bos_token_id", "eos_token_id", "pad_token_id", "tokenizer_class", "task_specific_params", "return_dict", "output_attentions", "output_hidden_states", "gradient_checkpointing",
        "auto_map", "_attn_implementation", "_attn_implementation_autoset",
    ];

    private readonly HashSet<string> _seen = [.. WithoutEffect];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a JSON object.</exception>
    public static ConfigFields Read(string path)
    {
        try
        {
            return new(path, JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject ?? throw new JsonException("this is not a JSON object."));
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>A whole number that is required.</summary>
    public int Whole(string name) => WholeOrNull(name) ?? throw Missing(name);

    /// <summary>A whole number, or null if the field is missing.</summary>
    public int? WholeOrNull(string name) => Get(name) is not { } node ? null
        : node is JsonValue value && value.TryGetValue<int>(out var whole) ? whole
        : throw Problem(name, node.ToJsonString(), "a whole number");

    /// <summary>A number that is required.</summary>
    public double Number(string name) => Get(name) is null ? throw Missing(name) : Number(name, 0);

    /// <summary>A number, or the default if the field is missing.</summary>
    public double Number(string name, double byDefault) => Get(name) is not { } node ? byDefault
        : node is JsonValue value && value.TryGetValue<double>(out var number) ? number
        : throw Problem(name, node.ToJsonString(), "a number");

    /// <summary>True or false, or the default if the field is missing.</summary>
    public bool Truth(string name, bool byDefault) => Get(name) is not { } node ? byDefault
        : node is JsonValue value && value.TryGetValue<bool>(out var truth) ? truth
        : throw Problem(name, node.ToJsonString(), "true or false");

    /// <summary>A text, or the default if the field is missing.</summary>
    public string? Text(string name, string? byDefault) => Get(name) is not { } node ? byDefault
        : node is JsonValue value && value.TryGetValue<string>(out var text) ? text
        : throw Problem(name, node.ToJsonString(), "a text");

    /// <summary>A list of texts; empty if the field is missing.</summary>
    public IEnumerable<string> Texts(string name) => Get(name) is not { } node ? []
        : node is JsonArray list && list.All(item => item is JsonValue value && value.TryGetValue<string>(out _)) ? list.Select(item => (string)item!)
        : throw Problem(name, node.ToJsonString(), "a list of texts");

    /// <summary>The fields of an object within a field, or null if the field is missing.</summary>
    public ConfigFields? Nested(string name) => Get(name) is not { } node ? null
        : node is JsonObject inner ? new($"{place}: {name}", inner)
        : throw Problem(name, node.ToJsonString(), "an object");

    /// <summary>Checks a field for which only one value is supported.</summary>
    /// <param name="name">The field.</param>
    /// <param name="wanted">The supported value, as text.</param>
    /// <param name="byDefault">The value that a missing field stands for.</param>
    public void Want(string name, string wanted, string byDefault)
    {
        var value = Get(name) is not { } node ? byDefault : node is JsonValue text && text.TryGetValue<string>(out var plain) ? plain : node.ToJsonString();
        if (value != wanted)
        {
            throw Problem(name, value, wanted);
        }
    }

    /// <summary>Marks fields that do not change what the model computes.</summary>
    public void Skip(params IEnumerable<string> names) => _seen.UnionWith(names);

    /// <summary>Throws if there are fields that were never read.</summary>
    /// <param name="ignored">Names of fields to ignore.</param>
    public void Finish(IEnumerable<string> ignored)
    {
        string[] unknown = [.. fields.Where(field => field.Value is not null).Select(field => field.Key).Except(_seen).Except(ignored)];
        if (unknown.Length > 0)
        {
            throw new InvalidDataException(
                $"{place}: '{string.Join("', '", unknown)}' is not known and may change what the model computes. If it does not, name it in ignore_fields.");
        }
    }

    /// <summary>Makes an error for a value that is not supported.</summary>
    public InvalidDataException Problem(string name, string value, string wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{place}: '{name}' is {value}; this framework reads {wanted}."));

    private InvalidDataException Missing(string name) => new($"{place}: '{name}' is missing.");

    private JsonNode? Get(string name)
    {
        _seen.Add(name);
        return fields[name];
    }
}
