using System.Text.Json.Nodes;
using Experiments.Engine.Recipes;
using Experiments.Engine.Sweeps;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Tests.Recipes;

public sealed class SweepReaderTests : IDisposable
{
    private const string Stages = """
        seed: 7
        vars: { count: 3, rate: 1e-3 }
        stages:
          lines: { use: write-lines, with: { count: $(vars.count) } }
          parts: { use: split, inputs: { documents: lines } }
          model: { use: train, inputs: { documents: parts, tokenizer: parts }, with: { model: gpt, optimizer: { use: adamw, learning_rate: $(vars.rate) } } }

        """;

    private readonly RecipeBench _bench = new();

    [Fact]
    public void EveryKeyIsBound()
    {
        var sweep = _bench.Read(Stages + """
            sweep:
              method: tpe
              space:
                rate: { path: stages.model.with.optimizer.learning_rate, range: [1e-4, $(vars.count)], scale: log }
                layers: { path: stages.model.with.model.layers, range: [1, 8], type: int }
                model: { path: stages.model.with.model, values: [gpt, { use: bigram }] }
              trials: 30
              seeds: [1, 2]
              objective: { minimize: model.loss/last.1 }
            """).Sweep!;

        sweep.Parameters.Select(parameter => (parameter.Name, parameter.Path)).ShouldBe(
            [("rate", "stages.model.with.optimizer.learning_rate"), ("layers", "stages.model.with.model.layers"), ("model", "stages.model.with.model")]);
        sweep.Parameters[0].Domain.ShouldBe(new Interval(1e-4, 3, IsLog: true, IsWhole: false));
        sweep.Parameters[1].Domain.ShouldBe(new Interval(1, 8, IsLog: false, IsWhole: true));
        ((Choice)sweep.Parameters[2].Domain).Values.Select(value => value!.ToJsonString()).ShouldBe(["\"gpt\"", """{"use":"bigram"}"""]);
        (sweep.Method, sweep.Points, sweep.Trials, sweep.Seed).ShouldBe((SweepMethod.Tpe, 30, 60, 7UL));
        sweep.Seeds.ShouldBe([1UL, 2UL]);
        sweep.Objective.ShouldBe(new("model", "loss/last.1", IsMaximized: false));
    }

    [Fact]
    public void AGridsSizeIsKnownAndTheRecipesSeedIsTheDefault()
    {
        var sweep = _bench.Read(Stages + """
            sweep:
              space: { count: { path: vars.count, values: [1, 2, 3] }, rate: { path: vars.rate, values: [1e-3, 1e-2] } }
              objective: { maximize: lines.lines }
            """).Sweep!;

        (sweep.Points, sweep.Trials).ShouldBe((6, 6));
        sweep.Seeds.ShouldBe([7UL]);
        sweep.Objective.IsMaximized.ShouldBeTrue();
    }

    [Fact]
    public void TheSweepIsNoPartOfTheResolvedRecipe()
    {
        const string Sweep = "sweep: { space: { count: { path: vars.count, values: [1, 2] } }, objective: { minimize: lines.lines } }";
        var (without, with) = (_bench.Read(Stages), _bench.Read(Stages + Sweep));

        without.Sweep.ShouldBeNull();
        JsonNode.DeepEquals(without.Resolved, with.Resolved).ShouldBeTrue();
        with.Stages[0].Identity.ToJsonString().ShouldBe(without.Stages[0].Identity.ToJsonString());
    }

    [Fact]
    public void AllMistakesAreReportedAtOnce() => _bench.Problems(Stages + """
        sweep:
          methud: grid
          method: annealing
          trials: 0
          space:
            a: { path: vars.cuont, values: [1] }
            b: { path: stages.modle.with.tokens, values: [1], step: 2 }
            c: { path: seed, values: [1] }
            d: { path: vars.rate, range: [3, 1, 2] }
            e: { path: vars.rate, range: [0, 1], scale: log }
            f: { path: vars.rate }
            g: { values: [1] }
          objective: { minimize: modle.loss }
        """).Split('\n').ShouldBe(
    [
        "r.yaml(8,3): sweep: no option 'methud'. Did you mean 'method'? Options: method, space, trials, seeds, objective.",
        "r.yaml(9,11): sweep: option 'method' wants one of grid, random, tpe, not 'annealing'.",
        "r.yaml(10,11): sweep: option 'trials' wants a whole number, 1 to 100000, not '0'.",
        "r.yaml(12,16): no variable 'cuont'. Did you mean 'count'? Variables: count, rate.",
        "r.yaml(13,16): no stage 'modle'. Did you mean 'model'? Stages: lines, parts, model.",
        "r.yaml(13,55): sweep, option 'space.b': no option 'step'. Options: path, values, range, scale, type.",
        "r.yaml(14,16): sweep: 'seed' cannot be varied. A path begins with vars or stages. To vary the seed, use 'seeds'.",
        "r.yaml(15,34): sweep, option 'space.d': option 'range' wants a list (each a number), 2 items, not a list of 3.",
        "r.yaml(16,8): sweep, option 'space.e': a range with scale log must start above 0, not at 0.",
        "r.yaml(17,8): sweep, option 'space.f': give either 'values', a list, or 'range', the lowest and the highest value.",
        "r.yaml(18,8): sweep, option 'space.g': the option 'path' is missing. It wants text, at least 1 character.",
        "r.yaml(19,26): sweep, option 'objective': no stage 'modle'. Did you mean 'model'? Stages: lines, parts, model.",
    ]);

    [Theory]
    [InlineData("space: {}, objective: { minimize: lines.lines }", "(7,17): sweep: option 'space' wants a mapping of names (each a mapping of options), at least 1 item, not a mapping.")]
    [InlineData("objective: { minimize: lines.lines }", "(7,8): sweep: the option 'space' is missing. It wants a mapping of names (each a mapping of options), at least 1 item.")]
    [InlineData("space: { a: { path: vars.count, values: [1] } }", "(7,8): sweep: the option 'objective' is missing. It wants a mapping of minimize, maximize.")]
    [InlineData("space: { a: { path: vars.count, values: [1] } }, objective: { minimize: lines.lines, maximize: lines.lines }", "(7,70): sweep, option 'objective': give either 'minimize' or 'maximize', as STAGE.METRIC.")]
    [InlineData("space: { a: { path: vars.count, values: [1] } }, objective: { minimize: loss }", "(7,82): sweep, option 'objective' wants STAGE.METRIC, such as lines.validation_loss, not 'loss'.")]
    [InlineData("space: { a: { path: vars.count, range: [1, 2] } }, objective: { minimize: lines.lines }", "(7,19): sweep: a grid needs the values of 'a': values: [...]. Only random and tpe accept a range.")]
    [InlineData("trials: 3, space: { a: { path: vars.count, values: [1] } }, objective: { minimize: lines.lines }", "(7,8): sweep: 'trials' only applies to random and tpe. A grid tries each combination of its values once.")]
    [InlineData("method: random, space: { a: { path: vars.count, values: [1] } }, objective: { minimize: lines.lines }", "(7,8): sweep: the method random needs 'trials', the number of points to try.")]
    [InlineData("seeds: [1, 1], space: { a: { path: vars.count, values: [1] } }, objective: { minimize: lines.lines }", "(7,8): sweep: a seed appears twice in 'seeds'.")]
    [InlineData("space: { a: { path: vars.count, values: [1] }, b: { path: vars.count, values: [1] } }, objective: { minimize: lines.lines }", "(7,68): sweep: the path 'vars.count' appears twice.")]
    [InlineData("method: tpe, trials: 60000, seeds: [1, 2], space: { a: { path: vars.count, values: [1] } }, objective: { minimize: lines.lines }", "(7,8): sweep: that is more than 100000 runs. Give fewer values, or let random or tpe choose.")]
    public void AMistakeIsNamedWithItsPlace(string sweep, string problem) => _bench.Problems($"{Stages}sweep: {{ {sweep} }}").ShouldBe("r.yaml" + problem);

    [Fact]
    public void ASweepIsAMapping() => _bench.Problems(Stages + "sweep: 3").ShouldBe("r.yaml(7,8): sweep wants a mapping of method, space, trials, seeds, objective, not '3'.");

    [Fact]
    public void ValuesThatDoNotFitAreNamedBeforeAnythingRuns()
    {
        var recipe = _bench.Read(Stages + """
            sweep:
              method: random
              trials: 2
              space:
                layers: { path: stages.model.with.model.layers, range: [0, 8], type: int }
                width: { path: stages.model.with.model.width, values: [64, 65] }
                rate: { path: stages.model.with.optimizer.lerning_rate, values: [1, 2] }
              objective: { minimize: model.loss }
            """);

        var problems = Should.Throw<RecipeException>(() => SweepCheck.Run(recipe, new RecipeReader(RecipeBench.Catalog) { WorkingDirectory = _bench.Root }));
        problems.Message.Split('\n').ShouldBe(
        [
            "r.yaml(11,61): sweep, 'layers': stage 'model', model 'gpt': option 'layers' wants a whole number, 1 to 128, not '0'.",
            "r.yaml(12,64): sweep, 'width': stage 'model', model 'gpt': option 'width' wants a whole number, one of 64, 128, 256, not '65'.",
            "r.yaml(13,19): sweep, 'rate': stage 'model', optimizer 'adamw': no option 'lerning_rate'. Did you mean 'learning_rate'? Options: learning_rate, betas.",
        ]);
    }

    [Fact]
    public void APointIsLaidOverTheRecipeAsSettings()
    {
        var recipe = _bench.Read(Stages + """
            sweep:
              space:
                count: { path: vars.count, values: [2e0] }
                text: { path: stages.lines.with.text, values: ["$$(x) a: b"] }
                model: { path: stages.model.with.model, values: [{ use: gpt, layers: 2 }] }
              objective: { minimize: model.loss }
            """);
        var sets = recipe.Sweep!.Trial(1, new GridMethod(recipe.Sweep).Choose(1, []), 0).Sets(recipe.Sweep).ToArray();

        sets.ShouldBe(["vars.count=2", "stages.lines.with.text=\"$$(x) a: b\"", "stages.model.with.model={ use: gpt, layers: 2 }", "seed=7"]);
        var trial = _bench.ReadFile("r.yaml", null, sets);
        trial.Resolved["stages"]!["lines"]!["with"]!.ToJsonString().ShouldBe("""{"count":2,"text":"$$(x) a: b"}""");
        ((int)trial.Resolved["stages"]!["model"]!["with"]!["model"]!["layers"]!).ShouldBe(2);
    }

    public void Dispose() => _bench.Dispose();
}
