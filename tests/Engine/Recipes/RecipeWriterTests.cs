using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Recipes;

public sealed class RecipeWriterTests : IDisposable
{
    private const string Recipe = """
        extends: base/b.yaml
        vars: { words: 4 }
        stages:
          model:
            use: train
            inputs: { documents: lines-b, tokenizer: file:data/* }
            with: { model: gpt, optimizer: { betas: [0.8, 0.9] }, batch: $(vars.words) }
            expect: { loss: "< 3" }
          all: { use: compare, inputs: { models: { m: model }, others: [lines, model] } }
          clean: { use: clean, inputs: { documents: lines }, with: { steps: [nothing, { use: language, keep: [en, "no"] }], mixture: { "a: b": 1 } } }
        profiles: { smoke: { seed: 3, stages: { model: { with: { batch: 2 } } } } }
        """;

    private readonly RecipeBench _bench = new();

    public RecipeWriterTests() => _bench.Write("base/b.yaml", """
        stages:
          lines: { use: write-lines, foreach: { text: [a, b] }, with: { text: $(each.text), count: $(vars.words) } }
          model: { run: { threads: 2 } }
        """);

    [Fact]
    public void TheWholeRecipeIsWrittenWithWhereEachValueComesFrom() =>
        RecipeWriter.Write(_bench.Read(Recipe, "smoke", "stages.model.with.optimizer.betas.1=0.7", "stages.clean.with.steps.1.min_score=1")).ShouldBe("""
            name: r                                         # default
            seed: 3                                         # profile smoke
            tracking: { experiment: r, system_metrics_every: 10s, uri: null }  # default

            stages:
              lines-a:
                use: write-lines                            # base/b.yaml(2,17)
                with:
                  text: a                                   # base/b.yaml(2,71), $(each.text), base/b.yaml(2,48)
                  count: 4                                  # base/b.yaml(2,92), $(vars.words)
                run: { checkpoint: { every: 1m, keep: 2 }, memory_gb: null, parallel: 1, threads: null }  # default

              lines-b:
                use: write-lines                            # base/b.yaml(2,17)
                with:
                  text: b                                   # base/b.yaml(2,71), $(each.text), base/b.yaml(2,51)
                  count: 4                                  # base/b.yaml(2,92), $(vars.words)
                run: { checkpoint: { every: 1m, keep: 2 }, memory_gb: null, parallel: 1, threads: null }  # default

              model:
                use: train
                inputs: { documents: lines-b, tokenizer: file:data/* }
                with:
                  model:
                    use: gpt
                    activation: gelu                        # default
                    dropout: null                           # default
                    layers: 4                               # default
                    width: 128                              # default
                  optimizer:
                    use: adamw                              # default
                    betas:
                      - 0.8
                      - 0.7                                 # --set stages.model.with.optimizer.betas.1=0.7
                    learning_rate: 0.0006                   # default
                  batch: 2                                  # profile smoke
                  tokens: 1000                              # default
                run:
                  threads: 2                                # base/b.yaml(3,28)
                  checkpoint: { every: 1m, keep: 2 }        # default
                  memory_gb: null                           # default
                  parallel: 1                               # default
                expect: { loss: "< 3" }

              all:
                use: compare
                inputs: { models: { m: model }, others: [lines-a, lines-b, model] }
                with: { by: null }                          # default
                run: { checkpoint: { every: 1m, keep: 2 }, memory_gb: null, parallel: 1, threads: null }  # default

              clean:
                use: clean
                inputs: { documents: [lines-a, lines-b] }
                with:
                  steps:
                    - use: nothing
                    - use: language
                      keep: [en, no]
                      min_score: 1                          # --set stages.clean.with.steps.1.min_score=1
                  mixture: { "a: b": 1 }
                  sampling: { limit: 2000000, rate: 0.5 }   # default
                  time_limit: 30s                           # default
                  workers: 1                                # default
                run: { checkpoint: { every: 1m, keep: 2 }, memory_gb: null, parallel: 1, threads: null }  # default

            """);

    [Fact]
    public void WhatIsWrittenReadsAsTheSameRecipe()
    {
        var recipe = _bench.Read(Recipe, "smoke");
        var again = _bench.Write("shown.yaml", RecipeWriter.Write(recipe)).ReadFile("shown.yaml");

        CanonicalJson.Text(again.Resolved).ShouldBe(CanonicalJson.Text(recipe.Resolved));
        again.Stages.Select(stage => (stage.Name, CanonicalJson.Text(stage.Identity))).ShouldBe(recipe.Stages.Select(stage => (stage.Name, CanonicalJson.Text(stage.Identity))));
        RecipeWriter.Write(again).ShouldNotContain("#", customMessage: "nothing is left to come from elsewhere");
    }

    [Theory]
    [InlineData("plain words")]
    [InlineData("true")]
    [InlineData("12")]
    [InlineData("2e6")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    [InlineData(" a ")]
    [InlineData("a: b #c")]
    [InlineData("a:")]
    [InlineData("- a")]
    [InlineData("[a, {b}]")]
    [InlineData("*a &b !c %d @e `f")]
    [InlineData("\"quoted\" 'twice' \\ back")]
    [InlineData("line\nbreak\r\ttab\u0001\u0085\u2028")]
    [InlineData("日本語 😀 é")]
    [InlineData("$(vars.x) $5")]
    [InlineData("---")]
    [InlineData("? a")]
    public void EveryTextComesBack(string text)
    {
        var recipe = _bench.Read("stages: { a: { use: write-lines } }", null, "stages.a.with.text=" + System.Text.Json.JsonSerializer.Serialize(text.Replace("$(", "$$(", StringComparison.Ordinal), JsonTexts));
        var again = _bench.Write("shown.yaml", RecipeWriter.Write(recipe)).ReadFile("shown.yaml");

        ((WriteLinesOptions)recipe.Stages[0].Options!).Text.ShouldBe(text);
        ((WriteLinesOptions)again.Stages[0].Options!).Text.ShouldBe(text);
    }

    public void Dispose() => _bench.Dispose();

    private static System.Text.Json.JsonSerializerOptions JsonTexts { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
