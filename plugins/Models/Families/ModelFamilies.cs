using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Experiments.Plugins.Models.Families;

/// <summary>The families that <c>gpt</c> can be.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] Published = [new LlamaFamily(), new Qwen2Family(), new Qwen3Family(), new Gpt2Family()];
    private static readonly OwnFamily Own = new();

    /// <summary>The published family that a model with these options belongs to, else our own.</summary>
    /// <remarks>
    /// A family is believed only after a round trip: its config.json, written and read back, must ask for the same model. A family that does not know
    /// an option, such as one that is newer than the family, therefore refuses every model that uses it.
    /// </remarks>
    public static IModelFamily Of(GptOptions options) => Array.Find(Published, family => Expresses(family, options)) ?? Own;

    /// <summary>The published family of a name from <c>architectures</c>, or null.</summary>
    public static IModelFamily? Find(string architecture) => Array.Find(Published, family => family.Architecture == architecture);

    /// <summary>The names by which published families are found.</summary>
    public static IEnumerable<string> Architectures => Published.Select(family => family.Architecture);

    private static bool Expresses(IModelFamily family, GptOptions options)
    {
        try
        {
            var written = family.Config(options, vocabularySize: 1).ToJsonString();
            var config = new ConfigFields(family.Architecture, JsonNode.Parse(written)!.AsObject());
            var read = family.Options(config);
            config.Finish([]);
            return Validator.TryValidateObject(read, new(read), null, validateAllProperties: true) && read.Canonical() == options.Canonical();
        }
        catch (InvalidDataException)
        {
            return false; // the family writes what it does not read: the model is not one of its own
        }
    }
}
