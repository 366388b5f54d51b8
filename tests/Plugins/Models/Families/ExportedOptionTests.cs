using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Experiments.Plugins.Models.Families;
using Experiments.Plugins.Models.Tests.Import;
using static TorchSharp.torch;

namespace Experiments.Plugins.Models.Tests.Families;

/// <summary>Every option of <c>gpt</c>, changed alone: config.json keeps it, or does not name a published family.</summary>
public sealed class ExportedOptionTests
{
    private const int Vocabulary = 20;
    private static readonly int[] Ids = [3, 1, 4, 1, 5, 9, 2, 6, 5];
    private static readonly PropertyInfo[] Options = [.. typeof(GptOptions).GetProperties().Where(property => property.CanWrite)];

    private static readonly string[] OfEveryFamily =
        ["Context", "Depth", "FeedForwardWidth", "Heads", "InitialDeviation", "Layers", "NormEpsilon", "TiedEmbeddings", "Width"];

    private static readonly string[] OfRotary = ["KeyValueHeads", "RopeBase", "RopeScaling"];

    public static TheoryData<string, GptOptions, string[]> Families => new()
    {
        { "LlamaForCausalLM", ModelVariants.Llama, [.. OfEveryFamily, .. OfRotary, "HeadWidth", "Bias", "QkNorm"] }, // with one of the last two it is a Qwen
        { "LlamaForCausalLM", ModelVariants.Llama with { RopeScaling = ModelVariants.Llama3 }, [.. OfEveryFamily, .. OfRotary, "HeadWidth", "Bias", "QkNorm"] },
        { "Qwen2ForCausalLM", ModelVariants.Qwen2, [.. OfEveryFamily, .. OfRotary, "Bias"] }, // without the bias it is a Llama
        { "Qwen3ForCausalLM", ModelVariants.Qwen3, [.. OfEveryFamily, .. OfRotary, "HeadWidth", "QkNorm"] },
        { "GPT2LMHeadModel", ModelVariants.Gpt2, [.. OfEveryFamily, "FeedForward", "KeyValueHeads", "RopeBase"] }, // as many as heads; without effect
        { "LlamaForCausalLM", new GptOptions { Depth = 2, Width = 16, Context = 16, KeyValueHeads = 1 }, [.. OfEveryFamily, .. OfRotary, "HeadWidth", "Bias", "QkNorm"] },
    };

    [Theory, MemberData(nameof(Families))]
    public void AnOptionIsKeptOrTheFamilyIsRefused(string architecture, GptOptions options, string[] kept)
    {
        Options.Length.ShouldBeGreaterThanOrEqualTo(19);
        ArchitectureOf(options).ShouldBe(architecture);
        var (tried, found) = (0, new HashSet<string>());
        foreach (var property in Options)
        {
            var changed = Changed(options, property).Take(2).ToList();
            tried += changed.Count > 0 ? 1 : 0;
            foreach (var variant in changed.Where(variant => ModelFamilies.Find(ArchitectureOf(variant)) is not null))
            {
                ShouldBeTheSameModel(variant, property);
                found.Add(property.Name);
            }
        }

        tried.ShouldBeGreaterThanOrEqualTo(Options.Length - 1, "rope_scaling needs rotary positions, so that one of the two may be stuck");
        found.Order().ShouldBe(kept.Order());
    }

    private static string ArchitectureOf(GptOptions options) =>
        ModelFamilies.Of(options).Config(options, Vocabulary)["architectures"]![0]!.GetValue<string>();

    /// <summary>A model is built from config.json alone and given the weights; it must compute what the first one does.</summary>
    private static void ShouldBeTheSameModel(GptOptions options, PropertyInfo changed)
    {
        using var model = ModelVariants.Shaken(options, Vocabulary);
        var config = JsonNode.Parse(model.HuggingFaceConfig().ToJsonString())!.AsObject();
        var family = ModelFamilies.Find(config["architectures"]![0]!.GetValue<string>())!;
        using var twin = new GptArchitecture(family.Options(new ConfigFields("config.json", config))).Build(Vocabulary, seed: 2);
        using (no_grad())
        {
            foreach (var (from, to) in model.NamedWeights().Zip(twin.NamedWeights(), ValueTuple.Create))
            {
                to.Name.ShouldBe(from.Name, changed.Name);
                to.Value.copy_(from.Value);
            }
        }

        twin.ContextLength.ShouldBe(model.ContextLength, changed.Name);
        int[] ids = [.. Ids.Take(options.Context)];
        ImportBench.ShouldAgree(ImportBench.Logits(twin, ids), ImportBench.Logits(model, ids), 1e-12);
    }

    /// <summary>The options with one of them at other values that are valid beside the rest.</summary>
    private static IEnumerable<GptOptions> Changed(GptOptions options, PropertyInfo property)
    {
        foreach (var value in Values(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).Where(value => !Equals(value, property.GetValue(options))))
        {
            var changed = options with { };
            property.SetValue(changed, value);
            if (Validator.TryValidateObject(changed, new(changed), null, validateAllProperties: true))
            {
                yield return changed;
            }
        }
    }

    private static IEnumerable<object> Values(Type type) =>
        type == typeof(bool) ? [true, false]
        : type == typeof(int) ? [1, 2, 3, 8, 24]
        : type == typeof(double) ? [0.5, 1.5]
        : type == typeof(RopeScaling) ? [new RopeScaling { Factor = 3 }, new RopeScaling { Kind = RopeScalingKind.Llama3, Factor = 3, OriginalContext = 16, LowFrequencyFactor = 0.5 }]
        : type.IsEnum ? Enum.GetValues(type).Cast<object>()
        : throw new NotSupportedException($"give a value of {type}");
}
