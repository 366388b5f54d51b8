using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Experiments.Plugins.Models.Families;

/// <summary>The families that <c>gpt</c> can be.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] Published = [new LlamaFamily(), new Qwen2Family(), new Qwen3Family(), new Gpt2Family()];
    private static readonly OwnFamily Own = new();

    /// <summary>
    /// The published family that a model with these options belongs to, or <see cref="OwnFamily"/> if there is none.
    /// </summary>
    /// <remarks>
    /// A family is accepted only after a round trip: its config.json, written and read back, must give the same
    /// options. So a family that does not know an option, for example a newer one, is never chosen for a model that
    /// uses it.
    /// </remarks>
    public static IModelFamily Of(GptOptions options) => Array.Find(Published, family => Expresses(family, options)) ?? Own;

    /// <summary>The published family with a name from <c>architectures</c>, or null.</summary>
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
            return false; // the family wrote something that it cannot read, so the model does not belong to it
        }
    }
}
