using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Tests.Recipes;

public sealed class ExplanationTests : IDisposable
{
    private readonly RecipeBench _bench = new();

    public ExplanationTests() => _bench.Environment["BATCH"] = "5";

    [Fact]
    public void AValueNamesItsPlaceAndAllThatItTookThePlaceOf()
    {
        Write();
        _bench.Explain("stages.model.with.optimizer.learning_rate", "smoke", "stages.model.with.optimizer.learning_rate=0.5").ShouldBe("""
            stages.model.with.optimizer.learning_rate: 0.5
              set to  0.5  --set stages.model.with.optimizer.learning_rate=0.5
              instead of  0.4  r.yaml(8,77), profile smoke
              instead of  0.3  r.yaml(6,65)
              instead of  0.2  base/b.yaml(6,47)
              instead of  0.1  base/a.yaml(4,144)
              a number, more than 0 and at most 1. Peak learning rate. Default: 0.0006.
            """);
    }

    [Fact]
    public void AValueOutOfVariablesNamesThemInTurn()
    {
        Write();
        _bench.Explain("stages.model.with.tokens", null, "vars.half=7").ShouldBe("""
            stages.model.with.tokens: 77
              set to  $(vars.tokens)  base/a.yaml(4,159)
                vars.tokens
                  set to  $(vars.half)$(vars.half)  r.yaml(2,17)
                    vars.half
                      set to  7  --set vars.half=7
                      instead of  5  r.yaml(2,49)
                  instead of  100  base/a.yaml(1,17)
              a whole number, at least 1. Tokens to train on. Default: 1,000.
            """);
        _bench.Explain("vars.half").ShouldBe("vars.half: 5\n  set to  5  r.yaml(2,49)");
    }

    [Fact]
    public void ADefaultNamesItsPluginAndWhatTookItAway()
    {
        Write();
        _bench.Explain("stages.model.with.optimizer.learning_rate", null, "stages.model.with.optimizer=sgd").ShouldBe("""
            stages.model.with.optimizer.learning_rate: 0.1
              default of optimizer 'sgd'
              stages.model.with.optimizer
                set to  { use: sgd }  --set stages.model.with.optimizer=sgd
                instead of  { use: adamw, learning_rate: 0.3 }  r.yaml(6,36)
              a number. Learning rate. Default: 0.1.
            """);
    }

    [Fact]
    public void AnItemOfAListIsNamedByItsPosition()
    {
        Write();
        _bench.Explain("stages.clean.with.steps.1.keep", "smoke").ShouldBe("""
            stages.clean.with.steps.1.keep: [en]
              set to  [en]  r.yaml(2,83)
              stages.clean.with.steps.1
                set to  $(vars.filter)  r.yaml(8,122), profile smoke
                  vars.filter
                    set to  { use: language, keep: [en] }  r.yaml(2,60)
              stages.clean.with.steps
                set to  [nothing, $(vars.filter)]  r.yaml(8,112), profile smoke
                instead of  [word-count]  base/a.yaml(3,75)
              a list (each text), at least 1 item. Languages to keep, ISO 639-1.
            """);
    }

    [Fact]
    public void TheEnvironmentAndDefaultsBesideANameAreNamed()
    {
        Write();
        _bench.Explain("stages.model.with.batch").ShouldContain("set to  $(env.BATCH)  r.yaml(6,79)\n    env.BATCH\n      set to  5  environment\n");
        _bench.Explain("stages.model.run.threads").ShouldContain("set to  $(env.NOWHERE, 2)  r.yaml(7,21)\n    env.NOWHERE is not set; its default is used\n      set to  2  r.yaml(7,21)\n");
    }

    [Fact]
    public void AnInstanceNamesTheValueThatMadeIt()
    {
        _bench.Write("r.yaml", "vars: { words: [a, b] }\nstages:\n  lines: { use: write-lines, foreach: { word: $(vars.words) }, with: { text: $(each.word) } }\n  all: { use: clean, inputs: { documents: [lines] } }");

        _bench.Explain("stages.lines-b.with.text").ShouldBe("""
            stages.lines-b.with.text: b
              set to  $(each.word)  r.yaml(3,78)
                each.word
                  set to  b  r.yaml(1,20)
              text. The beginning of each line. Default: line.
            """);
        _bench.Explain("stages.all.inputs.documents.1").ShouldBe("stages.all.inputs.documents.1: lines-b\n  set to  lines  r.yaml(4,44)");
        Refusal("stages.lines.with").ShouldBe("--explain stages.lines.with: 'stages.lines' means 2 stages. Name one of them: lines-a, lines-b.");
    }

    [Fact]
    public void AMappingIsShownWithWhereItsPartsComeFrom()
    {
        Write();
        _bench.Explain("stages.model.run").ShouldBe("""
            stages.model.run:
              threads: 2  # $(env.NOWHERE, 2)
              checkpoint: { every: 1m, keep: 2 }  # default
              memory_gb: null  # default
              parallel: 1  # default
              set to  { threads: $(env.NOWHERE, 2) }  r.yaml(7,10)
            """);
    }

    [Fact]
    public void AMappingMergedFromTwoBasesRemembersWhatEachOfThemReplaced()
    {
        Write();
        Optimizer("base/c.yaml", "a.yaml", "{ use: sgd, learning_rate: 3 }");
        Optimizer("base/d.yaml", "c.yaml", "{ use: adamw }");
        Optimizer("base/e.yaml", "a.yaml", "{ use: sgd, learning_rate: 4 }");
        Optimizer("base/f.yaml", "e.yaml", "{ use: adamw, learning_rate: 0.5 }");
        _bench.Write("r.yaml", "extends: [base/d.yaml, base/f.yaml]");

        _bench.Explain("stages.model.with.optimizer").ShouldContain("""
              set to  { use: adamw, learning_rate: 0.5 }  base/f.yaml(2,39)
              instead of  { use: sgd, learning_rate: 4 }  base/e.yaml(2,39)
              instead of  { use: adamw, learning_rate: 0.1 }  base/a.yaml(4,115)
              instead of  { use: sgd, learning_rate: 3 }  base/c.yaml(2,39)
              instead of  { use: adamw, learning_rate: 0.1 }  base/a.yaml(4,115)
            """);

        void Optimizer(string path, string extends, string optimizer) => _bench.Write(path, $"extends: {extends}\nstages: {{ model: {{ with: {{ optimizer: {optimizer} }} }} }}");
    }

    [Theory]
    [InlineData("seed", "seed: 1\n  default")]
    [InlineData("name", "name: r\n  default")]
    [InlineData("tracking.uri", "tracking.uri: null\n  default of tracking\n  text, at least 1 character. Where the tracker keeps the runs")]
    [InlineData("tracking.tracker", "tracking.tracker:\n  use: mlflow  # default\n  default of tracking\n  a tracker")]
    [InlineData("stages.model.use", "stages.model.use: train\n  set to  train  base/a.yaml(4,17)")]
    [InlineData("stages.model.inputs.documents", "stages.model.inputs.documents: file:data/*\n  set to  file:data/*  base/a.yaml(4,45)")]
    [InlineData("stages.model.with.optimizer.use", "stages.model.with.optimizer.use: adamw\n  set to  adamw  r.yaml(6,43)")]
    [InlineData("stages.model.run.checkpoint.every", "stages.model.run.checkpoint.every: 1m\n  default of run\n  a duration such as 500ms, 90s, 5m, 2h or 1d. Time between two checkpoints")]
    public void EveryValueCanBeAskedFor(string path, string explanation)
    {
        Write();
        _bench.Explain(path).ShouldStartWith(explanation);
    }

    [Theory]
    [InlineData("stages.modle.with", "'stages' has no value 'modle'. Did you mean 'model'? Values: clean, model.")]
    [InlineData("stages.model.with.optimizer.rate", "'stages.model.with.optimizer' has no value 'rate'. Values: use, learning_rate, betas.")]
    [InlineData("seed.x", "'seed' is 1, which holds no 'x'.")]
    [InlineData("vars.haf", "'vars' has no value 'haf'. Did you mean 'half'? Values: tokens, half, filter.")]
    [InlineData("stage.model", "the recipe has no value 'stage'. Did you mean 'stages'? Values: name, seed, tracking, vars, stages.")]
    public void AnUnknownPathIsAProblem(string path, string problem)
    {
        Write();
        Refusal(path).ShouldBe($"--explain {path}: {problem}");
    }

    [Fact]
    public void AnExplanationIsJsonToo()
    {
        Write();
        Explanation.Of(_bench.ReadFile("r.yaml"), RecipeBench.Catalog, "stages.model.with.tokens").ToJson().ToJsonString().ShouldBe(
            """{"path":"stages.model.with.tokens","value":55,"settings":[{"text":"$(vars.tokens)","place":"base/a.yaml(4,159)","references":[{"name":"vars.tokens","settings":[{"text":"$(vars.half)$(vars.half)","place":"r.yaml(2,17)","references":[{"name":"vars.half","settings":[{"text":"5","place":"r.yaml(2,49)","references":[]}],"is_default":false}]},{"text":"100","place":"base/a.yaml(1,17)","references":[]}],"is_default":false}]}],"around":[],"owner":"stage \u0027train\u0027","allowed":"a whole number, at least 1","summary":"Tokens to train on. Default: 1,000."}""");
    }

    public void Dispose() => _bench.Dispose();

    private string Refusal(string path) => Should.Throw<RecipeException>(() => _bench.Explain(path)).Message;

    private void Write() => _bench
        .Write("base/a.yaml", """
            vars: { tokens: 100 }
            stages:
              clean: { use: clean, inputs: { documents: file:data/* }, with: { steps: [word-count] } }
              model: { use: train, inputs: { documents: file:data/*, tokenizer: file:data/* }, with: { model: gpt, optimizer: { use: adamw, learning_rate: 0.1 }, tokens: $(vars.tokens) } }
            """)
        .Write("base/b.yaml", """
            extends: a.yaml
            stages:
              model:
                with:
                  model: bigram
                  optimizer: { use: adamw, learning_rate: 0.2 }
            """)
        .Write("r.yaml", """
            extends: base/b.yaml
            vars: { tokens: $(vars.half)$(vars.half), half: 5, filter: { use: language, keep: [en] } }
            stages:
              model:
                # over the base
                with: { model: gpt, optimizer: { use: adamw, learning_rate: 0.3 }, batch: $(env.BATCH) }
                run: { threads: $(env.NOWHERE, 2) }
            profiles: { smoke: { stages: { model: { with: { optimizer: { learning_rate: 0.4 } } }, clean: { with: { steps: [nothing, $(vars.filter)] } } } } }
            """);
}
