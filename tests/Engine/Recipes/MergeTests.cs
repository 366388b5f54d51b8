using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Recipes;

public sealed class MergeTests : IDisposable
{
    private const string Train = """
        name: base
        vars: { tokens: 100, rates: { low: 0.001, high: 0.01 } }
        stages:
          lines: { use: write-lines, with: { count: 5, text: base } }
          split: { use: split, inputs: { documents: lines } }
          model:
            use: train
            inputs: { documents: split, tokenizer: split }
            with: { model: { use: gpt, layers: 8 }, optimizer: { use: adamw, betas: [0.8, 0.9] }, tokens: $(vars.tokens) }
            run: { checkpoint: { keep: 5 } }
        profiles:
          smoke: { seed: 9, vars: { tokens: 7 }, stages: { lines: { with: { count: 1 } } } }
        """;

    private readonly RecipeBench _bench = new();

    public MergeTests() => _bench.Write("base/train.yaml", Train);

    [Fact]
    public void MappingsMergeAndScalarsReplace()
    {
        var recipe = _bench.Read("extends: base/train.yaml\nname: top\nstages: { lines: { with: { count: 6 } } }");

        recipe.Name.ShouldBe("top");
        recipe.Stages.Select(stage => stage.Name).ShouldBe(["lines", "split", "model"]);
        recipe.Stages[0].Options.ShouldBe(new WriteLinesOptions { Count = 6, Text = "base" });
    }

    [Fact]
    public void ListsReplace() =>
        Optimizer("stages: { model: { with: { optimizer: { betas: [0.1, 0.2] } } } }").ShouldBe("""{"betas":[0.1,0.2],"learning_rate":0.0006,"use":"adamw"}""");

    [Fact]
    public void OptionsOfAnotherNestedPluginAreNotInherited() =>
        Optimizer("stages: { model: { with: { optimizer: { use: sgd } } } }").ShouldBe("""{"learning_rate":0.1,"use":"sgd"}""");

    [Theory]
    [InlineData("adamw")]
    [InlineData("{ use: adamw }")]
    public void TheSamePluginNamedAgainKeepsItsOptions(string optimizer) =>
        Optimizer($"stages: {{ model: {{ with: {{ optimizer: {optimizer} }} }} }}").ShouldBe("""{"betas":[0.8,0.9],"learning_rate":0.0006,"use":"adamw"}""");

    [Fact]
    public void OptionsLaidOverABareNameGoToThatPlugin()
    {
        _bench.Write("base/bare.yaml", "extends: train.yaml\nstages: { model: { with: { optimizer: sgd } } }");
        Full("extends: base/bare.yaml\nstages: { model: { with: { optimizer: { learning_rate: 3 } } } }", "optimizer").ShouldBe("""{"learning_rate":3,"use":"sgd"}""");
    }

    [Fact]
    public void AStageWithAnotherPluginKeepsInputsAndRunButNoOptions()
    {
        _bench.Write("base/lines.yaml", "stages: { l: { use: write-lines, with: { count: 5 }, run: { threads: 3 } } }");
        var stage = _bench.Read("extends: base/lines.yaml\nstages: { l: { use: clean, inputs: { documents: file:data/* } } }").Stages.ShouldHaveSingleItem();

        stage.Plugin.Name.ShouldBe("clean");
        stage.Run.Threads.ShouldBe(3);
    }

    [Fact]
    public void LaterBasesLieOverEarlierOnes()
    {
        _bench.Write("base/seeds.yaml", "seed: 4").Write("base/more.yaml", "seed: 5\nvars: { tokens: 8 }");
        var recipe = _bench.Read("extends: [base/train.yaml, base/seeds.yaml, base/more.yaml]");

        recipe.Seed.ShouldBe(5UL);
        ((TrainOptions)recipe.Stages[2].Options!).Tokens.ShouldBe(8);
    }

    [Fact]
    public void TwoBasesMayExtendTheSameThird()
    {
        _bench.Write("base/one.yaml", "extends: train.yaml\nseed: 4");
        _bench.Write("base/two.yaml", "extends: train.yaml\nvars: { tokens: 8 }");
        var recipe = _bench.Read("extends: [base/one.yaml, base/two.yaml]");

        recipe.Seed.ShouldBe(4UL);
        ((TrainOptions)recipe.Stages[2].Options!).Tokens.ShouldBe(8);
    }

    [Theory]
    [InlineData("[base/nowhere.yaml, base/train.yaml]")]
    [InlineData("[base/train.yaml, base/nowhere.yaml]")]
    public void ABaseThatCannotBeReadIsTheOnlyProblem(string bases) =>
        _bench.Problems($"extends: {bases}\nstages: {{ x: {{ use: nix }} }}")
            .ShouldEndWith("the recipe 'base/nowhere.yaml' cannot be read: no such file, or no access.");

    [Fact]
    public void OptionsLaidOverAVariableTakeItsPlace()
    {
        _bench.Write("base/lines.yaml", "vars: { options: { count: 5, text: x } }\nstages: { l: { use: write-lines, with: $(vars.options) } }");

        _bench.Read("extends: base/lines.yaml\nstages: { l: { with: { count: 2 } } }").Stages[0].Options
            .ShouldBe(new WriteLinesOptions { Count = 2 });
    }

    [Fact]
    public void OptionsLaidOverNothingGoToTheDefaultPlugin()
    {
        _bench.Write("base/none.yaml", "extends: train.yaml\nstages: { model: { with: { optimizer: ~ } } }");

        Full("extends: base/none.yaml\nstages: { model: { with: { optimizer: { learning_rate: 0.3 } } } }", "optimizer")
            .ShouldBe("""{"betas":[0.9,0.95],"learning_rate":0.3,"use":"adamw"}""");
    }

    [Fact]
    public void AProblemInABaseIsLocatedThere()
    {
        _bench.Write("base/deep/a.yaml", "extends: ../b.yaml").Write("base/b.yaml", "stages:\n  x: { use: nix }");
        _bench.Problems("extends: base/deep/a.yaml").ShouldStartWith("base/b.yaml(2,13): stage 'x': no stage plugin 'nix'.");
    }

    [Fact]
    public void AProfileLiesOverTheRecipeAndAnArgumentOverBoth()
    {
        var recipe = _bench.Read("extends: base/train.yaml", "smoke", "vars.tokens=2e3", "seed=11");

        recipe.Seed.ShouldBe(11UL);
        recipe.Stages[0].Options.ShouldBe(new WriteLinesOptions { Count = 1, Text = "base" });
        ((TrainOptions)recipe.Stages[2].Options!).Tokens.ShouldBe(2000);
    }

    [Theory]
    [InlineData("stages.model.with.optimizer.learning_rate=0.5", """{"betas":[0.8,0.9],"learning_rate":0.5,"use":"adamw"}""")]
    [InlineData("stages.model.with.optimizer=sgd", """{"learning_rate":0.1,"use":"sgd"}""")]
    [InlineData("stages.model.with.optimizer.use=sgd", """{"learning_rate":0.1,"use":"sgd"}""")]
    [InlineData("stages.model.with.optimizer.betas.1=0.5", """{"betas":[0.8,0.5],"learning_rate":0.0006,"use":"adamw"}""")]
    [InlineData("stages.model.with.optimizer={ betas: [0, 0] }", """{"betas":[0,0],"learning_rate":0.0006,"use":"adamw"}""")]
    public void AnArgumentReachesIntoNestedPlugins(string set, string optimizer) => Optimizer("", set).ShouldBe(optimizer);

    [Fact]
    public void AnArgumentsValueMayHoldEqualsSigns() =>
        _bench.Read("extends: base/train.yaml", null, "stages.lines.with.text=a=b=c").Stages[0].Options
            .ShouldBe(new WriteLinesOptions { Count = 5, Text = "a=b=c" });

    [Theory]
    [InlineData("vars.token=1", "--set vars.token=1: no variable 'token'. Did you mean 'tokens'? Variables: tokens, rates.")]
    [InlineData("vars.rates.hgih=1", "--set vars.rates.hgih=1: no variable 'rates.hgih'. Did you mean 'rates.high'? Variables: rates.low, rates.high.")]
    [InlineData("stages.modle.with.tokens=1", "--set stages.modle.with.tokens=1: no stage 'modle'. Did you mean 'model'? Stages: lines, split, model.")]
    [InlineData("stages.model.wiht.tokens=1", "--set stages.model.wiht.tokens=1: stage 'model': no stage key 'wiht'. Did you mean 'with'? Keys: use, foreach, inputs, with, run, expect.")]
    [InlineData("stages.model.with.optimizer.beta=1", "--set stages.model.with.optimizer.beta=1: stage 'model', optimizer 'adamw': no option 'beta'. Did you mean 'betas'? Options: learning_rate, betas.")]
    [InlineData("stages.model.with.optimizer.betas.7=1", "--set stages.model.with.optimizer.betas.7=1: 'stages.model.with.optimizer.betas' is a list of 2: a setting names an item by its position from 0, not by '7'.")]
    [InlineData("stages.model.with.optimizer.betas.2=1", "--set stages.model.with.optimizer.betas.2=1: 'stages.model.with.optimizer.betas' is a list of 2: a setting names an item by its position from 0, not by '2'.")]
    [InlineData("stages.model.with.optimizer.betas.-1=1", "--set stages.model.with.optimizer.betas.-1=1: 'stages.model.with.optimizer.betas' is a list of 2: a setting names an item by its position from 0, not by '-1'.")]
    [InlineData("=1", "--set =1: a setting is path=value, such as vars.tokens=2e6.")]
    [InlineData("profiles.smoke.seed=1", "--set profiles.smoke.seed=1: no setting 'profiles'. Settings begin with: name, seed, vars, plugins, tracking, stages, sweep.")]
    [InlineData("seed", "--set seed: a setting is path=value, such as vars.tokens=2e6.")]
    [InlineData("seed=[1", "--set seed=[1: invalid YAML: While parsing a flow sequence, did not find expected ',' or ']'.")]
    [InlineData("vars.tokens=lots", "base/train.yaml(9,99): stage 'model': option 'tokens' wants a whole number, at least 1, not 'lots'.")]
    public void AnArgumentThatFitsNowhereIsAProblem(string set, string message) =>
        _bench.Problems("extends: base/train.yaml", null, set).ShouldBe(message);

    [Fact]
    public void AnUnknownProfileIsAProblem() =>
        _bench.Problems("extends: base/train.yaml", "smoek").ShouldBe("--profile smoek: no profile 'smoek'. Did you mean 'smoke'? Profiles: smoke.");

    public void Dispose() => _bench.Dispose();

    private string Optimizer(string over, params string[] sets) => Full("extends: base/train.yaml\n" + over, "optimizer", sets);

    private string Full(string recipe, string option, params string[] sets) => _bench.Read(recipe, null, sets).Stages.Single(stage => stage.Name == "model").Full[option]!.ToJsonString();
}
