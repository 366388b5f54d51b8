using System.Text.Json.Nodes;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;
using NJsonSchema;

namespace Experiments.Conventions.Tests;

public sealed class SchemaTests
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
    private static readonly string Text = RecipeSchema.Write(Catalog);
    private static readonly Task<JsonSchema> Schema = JsonSchema.FromJsonAsync(Text, TestContext.Current.CancellationToken);

    [Fact]
    public async Task EveryRecipeOfTheRepositoryKeepsTheSchema()
    {
        var recipes = Repository.Files("recipes", "*.yaml");
        recipes.Count.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var recipe in recipes)
        {
            (await Mistakes(await File.ReadAllTextAsync(recipe, TestContext.Current.CancellationToken))).ShouldBeEmpty(recipe);
        }
    }

    [Fact]
    public void EveryRecipeOfTheRepositoryNamesTheSchema()
    {
        foreach (var recipe in Repository.Files("recipes", "*.yaml"))
        {
            var named = File.ReadLines(recipe).First().Replace("# yaml-language-server: $schema=", "", StringComparison.Ordinal);
            Path.GetFullPath(named, Path.GetDirectoryName(recipe)!).ShouldBe(Path.Combine(Repository.Root, "runs/recipe.schema.json"), recipe);
        }
    }

    [Fact]
    public async Task EveryRecipeOfThePageOnOwnPluginsKeepsItsOwnSchema()
    {
        var folder = Directory.CreateTempSubdirectory("lab-schema-").FullName;
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, "recipes"), Path.Combine(Repository.Root, "recipes"));
            Directory.CreateDirectory(Path.Combine(folder, "own"));
            var blocks = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/own-plugins.md"), TestContext.Current.CancellationToken))
                .Split("```").Where((_, index) => index % 2 == 1).Select(block => block.Split('\n', 3)).Where(lines => lines[0] is "csharp" or "yaml")
                .Select(lines => (Path: Path.Combine(folder, lines[1].Split(' ')[1]), Text: lines[2])).ToList();
            blocks.ForEach(block => File.WriteAllText(block.Path, block.Text));
            var recipes = blocks.Where(block => Path.GetExtension(block.Path) == ".yaml").ToList();
            recipes.Count.ShouldBeGreaterThanOrEqualTo(5);
            var refused = 0;
            foreach (var (path, text) in recipes)
            {
                var own = await JsonSchema.FromJsonAsync(RecipeSchema.Write(new RecipeReader(Catalog).ReadPlugins(path)), TestContext.Current.CancellationToken);
                own.Validate(YamlAsJson.Read(text)).ShouldBeEmpty(path);
                refused += (await Mistakes(text)).Any() ? 1 : 0;
            }

            refused.ShouldBeGreaterThanOrEqualTo(4, "the shared schema does not know them");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("unknown key", "nmae: x\nstages: { a: { use: generate-world } }")]
    [InlineData("no stages", "name: x")]
    [InlineData("bad name", "name: a b\nstages: { a: { use: generate-world } }")]
    [InlineData("bad seed", "seed: -1\nstages: { a: { use: generate-world } }")]
    [InlineData("name of a stage", "stages: { A_b: { use: generate-world } }")]
    [InlineData("stage without use", "stages: { a: { with: { pages: 3 } } }")]
    [InlineData("unknown stage plugin", "stages: { a: { use: generate-wolrd } }")]
    [InlineData("unknown stage key", "stages: { a: { use: generate-world, wiht: {} } }")]
    [InlineData("unknown option", "stages: { a: { use: generate-world, with: { pgaes: 3 } } }")]
    [InlineData("wrong type", "stages: { a: { use: generate-world, with: { pages: many } } }")]
    [InlineData("out of range", "stages: { a: { use: generate-world, with: { broken_share: 1.5 } } }")]
    [InlineData("fraction for a whole number", "stages: { a: { use: generate-world, with: { pages: 1.5 } } }")]
    [InlineData("missing input", "stages: { a: { use: process-documents, with: { steps: [exact-dedup] } } }")]
    [InlineData("unknown input", "stages: { a: { use: process-documents, inputs: { document: 'file:x' }, with: { steps: [exact-dedup] } } }")]
    [InlineData("missing option", "stages: { a: { use: process-documents, inputs: { documents: 'file:x' } } }")]
    [InlineData("empty list", "stages: { a: { use: process-documents, inputs: { documents: 'file:x' }, with: { steps: [] } } }")]
    [InlineData("unknown nested plugin", "stages: { a: { use: process-documents, inputs: { documents: 'file:x' }, with: { steps: [exact-dedpu] } } }")]
    [InlineData("unknown option of a nested plugin", "stages: { a: { use: process-documents, inputs: { documents: 'file:x' }, with: { steps: [{ use: language, min: 1 }] } } }")]
    [InlineData("option of another plugin", "stages: { a: { use: process-documents, inputs: { documents: 'file:x' }, with: { steps: [{ use: exact-dedup, min_score: 1 }] } } }")]
    [InlineData("name that is no choice", "stages: { a: { use: train-bpe, inputs: { documents: 'file:x' }, with: { split: letters } } }")]
    [InlineData("duration", "stages: { a: { use: generate-world, run: { checkpoint: { every: 30 } } } }")]
    [InlineData("run key", "stages: { a: { use: generate-world, run: { thraeds: 3 } } }")]
    [InlineData("condition", "stages: { a: { use: generate-world, expect: { responses: small } } }")]
    [InlineData("unknown metric", "stages: { a: { use: generate-world, expect: { respnoses: '> 3' } } }")]
    [InlineData("metric of a plugin that records none", "stages: { a: { use: report, inputs: { stages: { b: c } }, expect: { loss: '> 3' } } }")]
    [InlineData("foreach over nothing", "stages: { a: { use: generate-world, foreach: { x: [] } } }")]
    [InlineData("foreach over one value", "stages: { a: { use: generate-world, foreach: { x: 3 } } }")]
    [InlineData("tracking key", "tracking: { url: x }\nstages: { a: { use: generate-world } }")]
    [InlineData("profile key", "profiles: { p: { extends: x } }\nstages: { a: { use: generate-world } }")]
    [InlineData("option in a profile", "profiles: { p: { stages: { a: { with: { pgaes: 3 } } } } }\nstages: { a: { use: generate-world } }")]
    [InlineData("option over a base", "extends: x.yaml\nstages: { a: { with: { optimizer: { lerning_rate: 3 } } } }")]
    [InlineData("sweep key", "stages: { a: { use: generate-world } }\nsweep: { spaec: {} }")]
    [InlineData("sweep method", "stages: { a: { use: generate-world } }\nsweep: { method: gird }")]
    [InlineData("parameter key", "stages: { a: { use: generate-world } }\nsweep: { space: { x: { paht: vars.x } } }")]
    [InlineData("range of a sweep", "stages: { a: { use: generate-world } }\nsweep: { space: { x: { path: vars.x, range: [1] } } }")]
    [InlineData("plugins", "plugins: 3\nstages: { a: { use: generate-world } }")]
    public async Task ABrokenRecipeIsRefused(string mistake, string recipe) => (await Mistakes(recipe)).ShouldNotBeEmpty(mistake);

    [Theory]
    [InlineData("1000")]
    [InlineData("1e3")]
    [InlineData("1_000")]
    [InlineData("0x3e8")]
    [InlineData("0o1750")]
    [InlineData("\"1000\"")]
    [InlineData("$(vars.pages)")]
    [InlineData("1$(vars.zeros)")]
    public async Task AWholeNumberMayBeSpelledAsRecipesReadIt(string spelled)
    {
        var recipe = $"vars: {{ pages: 1000, zeros: '000' }}\nstages: {{ a: {{ use: generate-world, with: {{ pages: {spelled} }} }} }}";

        (await Mistakes(recipe)).ShouldBeEmpty();
        Should.NotThrow(() => Read(recipe));
    }

    [Theory]
    [InlineData("stages: { a: { use: generate-world, with: ~, inputs: {}, expect: { responses: 0.5..0.9, conversations: '< 3' }, run: { threads: '$(vars.t, 2)' } } }")]
    [InlineData("stages: { a: { use: generate-world } }\nsweep: { space: { x: { path: vars.x, values: [1, b, [2], { use: c }, ~] }, y: { path: vars.y, range: [1e-3, 2], scale: log, type: int } }, seeds: [1], objective: { minimize: a.b } }")]
    [InlineData("stages: { a: { use: generate-world } }\nsweep: { method: tpe, trials: 40, space: $(vars.space), objective: { maximize: a.b } }")]
    [InlineData("plugins: [a.cs]\nextends: [a.yaml, b.yaml]")]
    [InlineData("extends: a.yaml\nstages: { a: { with: { optimizer: { learning_rate: 3 }, steps: 5 } } }")]
    [InlineData("extends: a.yaml\nstages: { a: { use: process-documents } }")]
    [InlineData("stages: { a: { use: process-documents, inputs: { documents: ['file:x', b, c.d] }, with: { steps: [{ use: language, keep: [no] }, exact-dedup, '$(vars.x)'] } } }")]
    [InlineData("stages: { a: { use: $(vars.use), inputs: $(vars.inputs) }, b: $(vars.b) }")]
    [InlineData("stages: { a: { use: process-documents, foreach: { x: ['1', 2], y: 'file:*.txt', z: { s: { t: 1 } } }, inputs: { documents: 'file:x' }, with: $(each.x) } }")]
    [InlineData("stages: { a: { use: train-bpe, inputs: { documents: b }, with: { split: digits, maximum_characters: ~, vocabulary_size: 5e3 } } }")]
    [InlineData("stages: { a: { use: process-documents, inputs: { documents: b }, with: { steps: [exact-dedup] }, expect: { dropped/exact_duplicate: '> 0', kept_share: '< 1' } } }")]
    [InlineData("stages: { a: { use: pretrain, inputs: { tokens: t, tokenizer: t }, with: { model: gpt, optimizer: { learning_rate: 1e-3 }, steps: 3 } } }")]
    public async Task WhatRecipesMaySayKeepsTheSchema(string recipe) => (await Mistakes(recipe)).ShouldBeEmpty();

    [Theory]
    [InlineData("stages: { a: { with: { pages: 30 } } }", "PropertyRequired: #/stages.a.use")]
    [InlineData("stages: { a: {} }", "PropertyRequired: #/stages.a.use")]
    [InlineData("extends: b.yaml\nstages: { a: { use: generate-wolrd } }", "NotInEnumeration: #/stages.a.use")]
    [InlineData("stages: { a: { use: generate-world, with: { pgaes: 30 } } }", "NoAdditionalPropertiesAllowed: #/stages.a.with.pgaes")]
    [InlineData("stages: { a: { use: process-documents, inputs: { documents: b }, with: { steps: [{ min_score: 1 }] } } }", "PropertyRequired: #/stages.a.with.steps[0].use")]
    [InlineData("stages: { a: { use: sft, inputs: { checkpoint: b, conversations: c }, with: { optimizer: { lerning_rate: 1 } } } }", "NoAdditionalPropertiesAllowed: #/stages.a.with.optimizer.lerning_rate")]
    public async Task AMistakeIsReportedWhereItIs(string recipe, string mistake) => string.Concat(await Mistakes(recipe)).ShouldContain(mistake);

    [Fact]
    public async Task OneSpellingOfAChoiceIsOfferedAndBothAreAccepted()
    {
        Text.ShouldContain("\"gelu-tanh\"");
        Text.ShouldNotContain("\"gelu_tanh\"");
        foreach (var spelled in new[] { "gelu-tanh", "gelu_tanh" })
        {
            (await Mistakes($"stages: {{ a: {{ use: pretrain, inputs: {{ tokens: t, tokenizer: t }}, with: {{ model: {{ use: gpt, feed_forward: {spelled} }} }} }} }}")).ShouldBeEmpty(spelled);
        }
    }

    [Fact]
    public void EveryMappingHasATitleForEditors()
    {
        var untitled = Mappings(JsonNode.Parse(Text)!).Where(mapping => mapping.ContainsKey("additionalProperties") && !mapping.ContainsKey("title")).Select(mapping => mapping.GetPath()).ToList();
        Mappings(JsonNode.Parse(Text)!).Count(mapping => mapping.ContainsKey("additionalProperties")).ShouldBeGreaterThanOrEqualTo(100);
        untitled.ShouldBeEmpty();

        static IEnumerable<JsonObject> Mappings(JsonNode node) => node switch
        {
            JsonObject mapping => mapping.Select(entry => entry.Value).OfType<JsonNode>().SelectMany(Mappings).Prepend(mapping),
            JsonArray list => list.OfType<JsonNode>().SelectMany(Mappings),
            _ => [],
        };
    }

    [Fact]
    public void ThePluginsSpeakInTheSchema()
    {
        var plugins = Catalog.Plugins.Where(plugin => plugin.Kind is "stage" or "filter" or "model" or "optimizer").ToList();
        plugins.Count.ShouldBeGreaterThanOrEqualTo(20);
        plugins.Where(plugin => !Text.Contains(plugin.Summary.Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal)).ShouldBeEmpty();
        Text.ShouldContain("\"default\": 0.65");
        Text.ShouldNotContain("\"const\"");
        Text.ShouldNotContain("\"if\"");
    }

    [Fact]
    public void TheSamePluginsGiveTheSameSchema() => RecipeSchema.Write(PluginCatalog.FromFolder(AppContext.BaseDirectory)).ShouldBe(Text);

    internal static async Task<IEnumerable<string>> Mistakes(string recipe) => (await Schema).Validate(YamlAsJson.Read(recipe)).Select(error => error.ToString());

    private static CheckedRecipe Read(string recipe)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, recipe);
            return new RecipeReader(Catalog).Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
