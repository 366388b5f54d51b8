namespace Experiments.Plugins.Models.Families;

/// <summary>The families that <c>gpt</c> can be.</summary>
internal static class ModelFamilies
{
    private static readonly IModelFamily[] Published = [new LlamaFamily(), new Qwen2Family(), new Qwen3Family(), new Gpt2Family()];
    private static readonly OwnFamily Own = new();

    /// <summary>The published family that a model with these options belongs to, else our own.</summary>
    public static IModelFamily Of(GptOptions options) => Published.FirstOrDefault(family => family.Expresses(options)) ?? Own;

    /// <summary>The published family of a name from <c>architectures</c>, or null.</summary>
    public static IModelFamily? Find(string architecture) => Array.Find(Published, family => family.Architecture == architecture);

    /// <summary>The names by which published families are found.</summary>
    public static IEnumerable<string> Architectures => Published.Select(family => family.Architecture);
}
