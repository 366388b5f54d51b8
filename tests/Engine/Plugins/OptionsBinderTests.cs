using System.Text.Json;
using Experiments.Contracts.Text;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Tests.Recipes;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Plugins;

public sealed class OptionsBinderTests
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly);

    [Theory]
    [InlineData("limit: 2e6", 2_000_000)]
    [InlineData("limit: 2_000_000", 2_000_000)]
    [InlineData("limit: 0x10", 16)]
    [InlineData("limit: 0o17", 15)]
    [InlineData("limit: \"12\"", 12)]
    [InlineData("limit: -9223372036854775808", long.MinValue)]
    public void WholeNumbersHaveManyForms(string text, long expected) => Clean($"sampling: {{ {text} }}").Sampling.Limit.ShouldBe(expected);

    [Theory]
    [InlineData("1h", 3600)]
    [InlineData("1.5m", 90)]
    [InlineData("90s", 90)]
    [InlineData("500ms", 0.5)]
    [InlineData("2d", 172800)]
    public void DurationsHaveUnits(string text, double seconds) => Clean($"time_limit: {text}").TimeLimit.TotalSeconds.ShouldBe(seconds);

    [Theory]
    [InlineData("squared-relu")]
    [InlineData("squared_relu")]
    public void EnumsAreKebabOrSnake(string text) => Gpt($"activation: {text}").ShouldContain("\"activation\":\"squared-relu\"");

    [Fact]
    public void DictionariesBindByName() => Clean("mixture: { web: 0.5, books: 1 }").Mixture.ShouldBe(new Dictionary<string, double> { ["web"] = 0.5, ["books"] = 1 });

    [Fact]
    public void APartlyWrittenRecordKeepsTheOwnersDefaults() => Clean("sampling: { limit: 3 }").Sampling.ShouldBe(new RateOptions { Rate = 0.5, Limit = 3 });

    [Fact]
    public void ANumberTooLargeForItsTypeNamesTheLimits() =>
        Problems("gpt", "layers: 3000000000").ShouldContain("option 'layers' wants a whole number, -2147483648 to 2147483647, not '3000000000'.");

    [Fact]
    public void NestedPluginsAreMadeOnDemand()
    {
        var step = Clean("steps: [{ use: word-count, min_words: 2, max_words: 3 }]").Steps.ShouldHaveSingleItem();

        step.Name.ShouldBe("word-count");
        step.Recipe.GetRawText().ShouldBe("""{"max_words":3,"min_words":2,"use":"word-count"}""");
        step.Create().Apply(new("", "a b c d")).Reason.ShouldBe("word_count");
        step.Create().ShouldNotBeSameAs(step.Create());
    }

    [Fact]
    public void APluginIsMadeAgainFromItsRecipe() =>
        Catalog.Create<IDocumentFilter>(JsonElement.Parse("""{"use":"word-count","min_words":5}""")).Apply(new("", "a")).Reason.ShouldBe("word_count");

    [Fact]
    public void ARecipeThatDoesNotFitNamesAllProblems() =>
        Should.Throw<InvalidDataException>(() => Catalog.Create<IDocumentFilter>(JsonElement.Parse("""{"use":"word-count","min_word":5,"max_words":"x"}"""))).Message
            .ShouldBe("""
                plugin recipe: filter 'word-count': no option 'min_word'. Did you mean 'min_words'? Options: min_words, max_words.
                plugin recipe: filter 'word-count': option 'max_words' wants a whole number, at least 1, not 'x'.
                """);

    [Theory]
    [InlineData("tokens: 1000", "tokens: 1e3")]
    [InlineData("tokens: 1000", "tokens: 1_000")]
    [InlineData("tokens: 1000", "")]
    [InlineData("optimizer: adamw", "optimizer: { learning_rate: 0.00060, use: adamw }")]
    [InlineData("tokens: 5, batch: 8", "batch: 8.0, tokens: 5")]
    [InlineData("batch: 8", "")]
    public void TheSameOptionsHaveTheSameIdentity(string left, string right) => Identity(left).ShouldBe(Identity(right));

    [Theory]
    [InlineData("tokens: 1001")]
    [InlineData("batch: 9")]
    [InlineData("optimizer: sgd")]
    [InlineData("optimizer: { betas: [0.9, 0.96] }")]
    public void OtherOptionsHaveAnotherIdentity(string options) => Identity(options).ShouldNotBe(Identity(""));

    [Fact]
    public void IdentityHoldsDefaultsAndNestedVersions() => Identity("").ShouldBe(
        """{"model":{"activation":"gelu","layers":4,"use":"gpt","version":2,"width":128},"optimizer":{"betas":[0.9,0.95],"learning_rate":0.0006,"use":"adamw","version":1},"tokens":1000,"use":"train","version":1}""");

    [Fact]
    public void WhatCannotChangeTheOutputIsNoPartOfIdentity()
    {
        var bound = Bind("clean", "workers: 8, mixture: {}", out _)!;

        CanonicalJson.Text(bound.Identity).ShouldBe("""{"sampling":{"limit":2000000,"rate":0.5},"steps":[],"time_limit":"30s","use":"clean","version":1}""");
        CanonicalJson.Text(bound.Full).ShouldBe("""{"mixture":{},"sampling":{"limit":2000000,"rate":0.5},"steps":[],"time_limit":"30s","use":"clean","workers":8}""");
    }

    [Fact]
    public void PluginsInAListEnterIdentityWithTheirVersions()
    {
        var bound = Bind("clean", "steps: [{ use: language, keep: [en] }]", out _)!;

        CanonicalJson.Text(bound.Identity["steps"]).ShouldBe("""[{"keep":["en"],"min_score":0.65,"use":"language","version":3}]""");
        CanonicalJson.Text(bound.Full["steps"]).ShouldBe("""[{"keep":["en"],"min_score":0.65,"use":"language"}]""");
    }

    [Theory]
    [InlineData("layers: 1", true)]
    [InlineData("layers: 128", true)]
    [InlineData("layers: 129", false)]
    [InlineData("layers: 0", false)]
    [InlineData("dropout: 0", true)]
    [InlineData("dropout: 1", false)]
    public void ARangeIncludesItsEndsUnlessItSaysOtherwise(string option, bool isAllowed) =>
        (Bind("train", $"model: {{ use: gpt, {option} }}", out _) is not null).ShouldBe(isAllowed);

    private static CleanOptions Clean(string options) => (CleanOptions)Bind("clean", options, out var problems).ShouldNotBeNull(problems).Value!;

    private static string Gpt(string options) => CanonicalJson.Text(Bind("train", $"model: {{ use: gpt, {options} }}", out var problems).ShouldNotBeNull(problems).Full);

    private static string Identity(string options) => CanonicalJson.Text(Bind("train", $"model: gpt, {options}", out var problems).ShouldNotBeNull(problems).Identity);

    private static string Problems(string model, string options)
    {
        Bind("train", $"model: {{ use: {model}, {options} }}", out var problems).ShouldBeNull();
        return problems;
    }

    /// <summary>Binds options through a recipe, so that text becomes nodes in the same way as for users.</summary>
    private static BoundOptions? Bind(string stage, string options, out string problems)
    {
        using var bench = new RecipeBench();
        var inputs = stage == "train" ? "documents: file:data/*, tokenizer: file:data/*" : "documents: file:data/*";
        try
        {
            var bound = bench.Read($"stages: {{ s: {{ use: {stage}, inputs: {{ {inputs} }}, with: {{ {options} }} }} }}").Stages[0];
            problems = "";
            return new(bound.Plugin, bound.Options, bound.Identity, bound.Full);
        }
        catch (RecipeException problem)
        {
            problems = problem.Message;
            return null;
        }
    }
}
