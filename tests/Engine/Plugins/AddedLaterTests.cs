using System.ComponentModel.DataAnnotations;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Plugins;

/// <summary>Options that came after a plugin's first release: at one value they leave the keys of old artifacts alone.</summary>
public sealed class AddedLaterTests : TemporaryFolder
{
    private const string Old = """{"use":"grown","version":1}""";

    private static readonly PluginCatalog Catalog = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly, typeof(AddedLaterTests).Assembly);

    [Theory]
    [InlineData("")]
    [InlineData("limit: 5, is_strict: true, mode: two-words, label: none, shares: [], weights: {}")]
    public void AtTheirNeutralValuesTheyAreNotPartOfTheKey(string options) => Identity(options).ShouldBe(Old);

    [Theory]
    [InlineData("limit: ~", "\"limit\":null")]
    [InlineData("limit: 6", "\"limit\":6")]
    [InlineData("is_strict: false", "\"is_strict\":false")]
    [InlineData("mode: one", "\"mode\":\"one\"")]
    [InlineData("label: ~", "\"label\":null")]
    [InlineData("shares: [0.5]", "\"shares\":[0.5]")]
    [InlineData("weights: { a: 1 }", "\"weights\":{\"a\":1}")]
    public void AtAnyOtherValueTheyAre(string options, string part) => Identity(options).ShouldContain(part);

    [Theory]
    [InlineData("[0.5, 1.5]")]
    [InlineData("[-0.5, 0.5]")]
    public void ARangeHoldsForEachItemOfAList(string shares) =>
        Should.Throw<RecipeException>(() => Identity($"shares: {shares}"))
            .Message.ShouldContain("option 'shares' wants a list (each a number), 0 to 1, not a list of 2.");

    private string Identity(string options)
    {
        var recipe = Path.Combine(Folder, "r.yaml");
        File.WriteAllText(recipe, $"stages: {{ s: {{ use: grown, with: {{ {options} }} }} }}");
        return CanonicalJson.Text(new RecipeReader(Catalog).Read(recipe).Stages.Single().Identity);
    }
}

/// <summary>A stage that has got more options over time.</summary>
[Plugin("grown")]
public sealed class GrownStage(GrownOptions options) : IStage<NoInputs, Documents>
{
    public Task<Documents> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"It is only read: {options}");
}

/// <summary>Settings of <c>grown</c>.</summary>
public sealed record GrownOptions
{
    [AddedLater(5)]
    public int? Limit { get; init; } = 5;

    [AddedLater(true)]
    public bool IsStrict { get; init; } = true;

    [AddedLater(GrownMode.TwoWords)]
    public GrownMode Mode { get; init; } = GrownMode.TwoWords;

    [AddedLater("none")]
    public string? Label { get; init; } = "none";

    [AddedLater(new double[0])]
    [Range(0.0, 1.0)]
    public IReadOnlyList<double> Shares { get; init; } = [];

    [AddedLater(new double[0])]
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();
}

public enum GrownMode
{
    One,
    TwoWords,
}
