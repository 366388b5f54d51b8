using System.Text.Json;
using System.Text.Json.Nodes;

namespace Experiments.Contracts.Artifacts;

/// <summary>The file <c>model.json</c> of a checkpoint, which describes how to build its network.</summary>
/// <param name="Model">The architecture plugin with its options: <c>{"use": NAME, ...}</c>.</param>
/// <param name="VocabularySize">Number of ids of the model, at least that of its tokenizer.</param>
public sealed record ModelRecord(JsonElement Model, int VocabularySize)
{
    /// <summary>The file's name.</summary>
    public const string FileName = "model.json";

    private const string ModelKey = "model";
    private const string SizeKey = "vocabulary_size";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Whether a folder contains the file, and thus is a checkpoint of this framework.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, FileName));

    /// <summary>Reads the file from a checkpoint folder.</summary>
    /// <exception cref="InvalidDataException">The file is missing or damaged; the message names it.</exception>
    public static ModelRecord Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"{path} is missing: it names the plugin that builds the model.");
        }

        try
        {
            var root = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(path));
            return new(root.GetProperty(ModelKey), root.GetProperty(SizeKey).GetInt32());
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}: {problem.Message}", problem);
        }
    }

    /// <summary>Writes the file to a checkpoint folder.</summary>
    public void Write(string folder)
    {
        var json = new JsonObject { [ModelKey] = JsonNode.Parse(Model.GetRawText()), [SizeKey] = VocabularySize };
        File.WriteAllText(Path.Combine(folder, FileName), json.ToJsonString(Indented) + "\n");
    }
}
