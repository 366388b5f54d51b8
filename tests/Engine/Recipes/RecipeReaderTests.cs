using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Running;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Tests.Recipes;

public sealed class RecipeReaderTests : IDisposable
{
    private const string Pipeline = """
        seed: 7
        stages:
          compare: { use: compare, inputs: { models: { big: model }, others: [clean, parts.summary] } }
          model:
            use: train
            inputs: { documents: parts, tokenizer: parts }
            with: { model: gpt, tokens: 2e6 }
            run: { threads: 2, checkpoint: { every: 90s } }
            expect: { loss: "< 3.2", loss/last.1: 0.5..0.9 }
          parts: { use: split, inputs: { documents: clean } }
          clean: { use: clean, inputs: { documents: [lines, "file:data/**/*.txt"] }, with: { steps: [nothing] } }
          lines: { use: write-lines, with: { text: "costs $$(5)" } }
        """;

    private readonly RecipeBench _bench = new();

    [Fact]
    public void StagesStandBehindWhatTheyRead() =>
        _bench.Read(Pipeline).Stages.Select(stage => stage.Name).ShouldBe(["lines", "clean", "parts", "model", "compare"]);

    [Fact]
    public void ABareStageMeansItsFirstPartThatFits()
    {
        var model = _bench.Read(Pipeline).Stages[3];

        model.Inputs.Select(input => (input.Name, Source: (StageOutput)input.Sources.Single())).Select(input => (input.Name, input.Source.Stage, input.Source.Part, input.Source.ArtifactType))
            .ShouldBe([("documents", "parts", "train", typeof(Documents)), ("tokenizer", "parts", "words", typeof(Tokenizer))]);
    }

    [Fact]
    public void ListsAndMappingsKeepOrderAndNames()
    {
        var stages = _bench.Write("data/deep/c.txt", "").Write("data/.hidden.txt", "").Read(Pipeline).Stages;

        stages[1].Inputs[0].Cardinality.ShouldBe(InputCardinality.List);
        stages[1].Inputs[0].Sources[0].ShouldBe(new StageOutput(null, typeof(Documents), "lines", ""));
        ((ExternalFiles)stages[1].Inputs[0].Sources[1]).Files.Select(file => Path.GetRelativePath(_bench.Root, file)).ShouldBe(["data/a.txt", "data/b.txt", "data/deep/c.txt"]);
        stages[4].Inputs[0].Sources.ShouldBe([new StageOutput("big", typeof(Checkpoint), "model", "")]);
        stages[4].Inputs[1].Sources.Select(source => source.ArtifactType).ShouldBe([typeof(Documents), typeof(Report)]);
    }

    [Fact]
    public void AFolderMeansAllFilesBelowIt()
    {
        _bench.Write("data/artifact.json", "{}");
        var source = _bench.Read("stages: { a: { use: clean, inputs: { documents: file:data } } }").Stages[0].Inputs[0].Sources[0];
        ((ExternalFiles)source).Files.Select(Path.GetFileName).ShouldBe(["a.txt", "b.txt"]);
    }

    [Fact]
    public void RunSettingsAndExpectationsAreBound()
    {
        var model = _bench.Read(Pipeline).Stages[3];

        model.Run.ShouldBe(new RunSettings { Threads = 2, Checkpoint = new() { Every = TimeSpan.FromSeconds(90), Keep = 2 } });
        model.Expectations.Select(gate => gate.Metric).ShouldBe(["loss", "loss/last.1"]);
        model.Location.ToString().ShouldBe("r.yaml(4,3)");
    }

    [Theory]
    [InlineData("< 3", 2.9, true)]
    [InlineData("< 3", 3, false)]
    [InlineData("<= 3", 3, true)]
    [InlineData(">3e-1", 0.3, false)]
    [InlineData(">= 0.3", 0.3, true)]
    [InlineData("== 1", 1, true)]
    [InlineData("-1 .. 0.5", 0.5, true)]
    [InlineData("-1..0.5", 0.6, false)]
    [InlineData("0..1", double.NaN, false)]
    [InlineData("> 0", double.NaN, false)]
    public void ExpectationsHoldOrNot(string text, double value, bool holds) => new Expectation("m", text, default).Holds(value).ShouldBe(holds);

    [Fact]
    public void TheResolvedRecipeReadsAsTheSameRecipe()
    {
        var recipe = _bench.Read(Pipeline);
        var text = CanonicalJson.Text(recipe.Resolved);
        var again = _bench.Write("resolved.json", text).ReadFile("resolved.json");

        CanonicalJson.Text(again.Resolved).ShouldBe(text);
        again.Stages.Select(stage => CanonicalJson.Text(stage.Identity)).Order().ShouldBe(recipe.Stages.Select(stage => CanonicalJson.Text(stage.Identity)).Order());
        text.ShouldContain("\"text\":\"costs $$(5)\"");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("tracking: { tracker: mlflow }\n", "")]
    [InlineData("tracking: { tracker: { use: mlflow } }\n", "")]
    [InlineData("tracking: { tracker: notes }\n", """ "tracker":{"file":"notes.txt","use":"notes"}, """)]
    [InlineData("tracking: { tracker: { use: notes, file: a.txt } }\n", """ "tracker":{"file":"a.txt","use":"notes"}, """)]
    public void TheResolvedRecipeNamesTheTrackerWhenItIsNotTheDefault(string tracking, string tracker) =>
        CanonicalJson.Text(_bench.Read(tracking + "name: n\nstages: { a: { use: write-lines } }").Resolved["tracking"])
            .ShouldBe($$"""{"experiment":"n","system_metrics_every":"10s",{{tracker.Trim()}}"uri":null}""");

    [Fact]
    public void DefaultsStandWhereNothingIsSaid()
    {
        var recipe = _bench.Write("some/tiny.yaml", "stages: { a: { use: write-lines } }").ReadFile("some/tiny.yaml");

        (recipe.Name, recipe.Seed, recipe.Path).ShouldBe(("tiny", 1UL, "some/tiny.yaml"));
        recipe.Tracking.ShouldBe(new TrackingSettings { Tracker = recipe.Tracking.Tracker, Experiment = "tiny" });
        recipe.Stages[0].Run.ShouldBe(new RunSettings { Threads = null, Checkpoint = new() { Every = TimeSpan.FromMinutes(1), Keep = 2 } });
    }

    [Fact]
    public void NothingOfAPluginRunsWhileReading() =>
        Should.NotThrow(() => _bench.Read("stages: { a: { use: train, inputs: { documents: file:data/*, tokenizer: file:data/* }, with: { model: gpt } } }"));

    public void Dispose() => _bench.Dispose();
}
