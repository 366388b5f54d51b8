using Experiments.Engine.Artifacts;
using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Recipes;

public sealed class ForeachTests : IDisposable
{
    private readonly RecipeBench _bench = new();

    [Fact]
    public void EachValueMakesAStage()
    {
        var recipe = _bench.Read("""
            stages:
              lines: { use: write-lines, foreach: { word: [Hello World, b] }, with: { text: "$(each.word)!" } }
              last: { use: write-lines }
            """);

        Lines(recipe).ShouldBe(["lines-hello-world: Hello World!", "lines-b: b!", "last: line"]);
        recipe.Stages.Select(stage => stage.Group).ShouldBe(["lines", "lines", null]);
    }

    [Theory]
    [InlineData("{ word: $(vars.words) }", "lines-x lines-y")]
    [InlineData("$(vars.matrix)", "lines-x-1 lines-x-2 lines-y-1 lines-y-2")]
    [InlineData("{ word: [0.65, 3e-4, 2023-06, CC-MAIN-2024-10] }", "lines-0-65 lines-3e-4 lines-2023-06 lines-cc-main-2024-10")]
    [InlineData("{ word: { Small: 1, large_one: 2 } }", "lines-small lines-large-one")]
    [InlineData("{ word: 'file:data/*.txt' }", "lines-a lines-b")]
    [InlineData("{ word: ['file:**/b.*', x] }", "lines-data-b lines-x")]
    [InlineData("{ word: file:data/a.txt }", "lines-a")]
    [InlineData("{ word: file:more }", "lines-d lines-deep-c")]
    [InlineData("~", "lines")]
    public void ValuesHaveManySources(string values, string names) =>
        string.Join(' ', _bench.Write("more/deep/c.jsonl.zst", "").Write("more/d.gz", "").Read($$"""
            vars: { words: [x, y], matrix: { word: $(vars.words), number: [1, 2] } }
            stages: { lines: { use: write-lines, foreach: {{values}} } }
            """).Stages.Select(stage => stage.Name)).ShouldBe(names);

    [Fact]
    public void AFileIsItsPath() =>
        Lines(_bench.Read("stages: { lines: { use: write-lines, foreach: { book: 'file:data/*' }, with: { text: $(each.book) } } }"))
            .ShouldBe(["lines-a: file:data/a.txt", "lines-b: file:data/b.txt"]);

    [Fact]
    public void AMappingIsReachedByItsKeys()
    {
        var recipe = _bench.Read("""
            vars: { big: 7 }
            stages:
              lines:
                use: write-lines
                foreach: { size: { small: { count: 3, with: { text: s } }, large: { count: $(vars.big), with: { text: l } } } }
                with: { count: $(each.size.count), text: "$(each.size.with.text) $(slug.size) $(each.size.nowhere, $(each.size.count))" }
            """);

        Lines(recipe).ShouldBe(["lines-small: s small 3", "lines-large: l large 7"]);
        recipe.Stages.Select(stage => ((WriteLinesOptions)stage.Options!).Count).ShouldBe([3, 7]);
    }

    [Fact]
    public void AValueMayBeThePluginItself() =>
        _bench.Read("""
            stages:
              model:
                use: train
                foreach: { optimizer: { plain: { use: sgd, learning_rate: 1 }, adam: adamw } }
                inputs: { documents: file:data/*, tokenizer: file:data/* }
                with: { model: gpt, optimizer: $(each.optimizer) }
            """).Stages.Select(stage => stage.Full["optimizer"]!.ToJsonString())
            .ShouldBe(["""{"learning_rate":1,"use":"sgd"}""", """{"betas":[0.9,0.95],"learning_rate":0.0006,"use":"adamw"}"""]);

    [Fact]
    public void AGroupInAListMeansItsInstancesInOrder() =>
        Sources("""
            stages:
              lines: { use: write-lines, foreach: { word: [b, a] } }
              parts: { use: split, foreach: { word: [b, a] }, inputs: { documents: lines-$(slug.word) } }
              one: { use: clean, inputs: { documents: lines } }
              many: { use: clean, inputs: { documents: [file:data/a.txt, parts.train, lines-a] } }
            """).ShouldBe(["parts-b: lines-b", "parts-a: lines-a", "one: lines-b, lines-a", "many: data/a.txt, parts-b.train, parts-a.train, lines-a"], ignoreOrder: true);

    [Fact]
    public void AGroupInAMappingIsLabelledByItsValues() =>
        Sources("""
            stages:
              lines: { use: write-lines }
              model:
                use: train
                foreach: { rate: [0.1, 0.2], layers: { few: 2, many: 8 } }
                inputs: { documents: lines, tokenizer: file:data/* }
                with: { model: { use: gpt, layers: $(each.layers) }, optimizer: { learning_rate: $(each.rate) } }
              all: { use: compare, inputs: { models: model } }
              named: { use: compare, inputs: { models: { m: model, first: model-0-1-few } } }
            """).TakeLast(2).ShouldBe(
        [
            "all: 0-1-few=model-0-1-few, 0-1-many=model-0-1-many, 0-2-few=model-0-2-few, 0-2-many=model-0-2-many",
            "named: m-0-1-few=model-0-1-few, m-0-1-many=model-0-1-many, m-0-2-few=model-0-2-few, m-0-2-many=model-0-2-many, first=model-0-1-few",
        ]);

    [Fact]
    public void ProfilesAndArgumentsComeBeforeForeach()
    {
        const string Recipe = """
            vars: { words: [a, b] }
            stages: { lines: { use: write-lines, foreach: { word: $(vars.words) }, with: { text: $(each.word) } } }
            profiles: { more: { stages: { lines: { foreach: { number: [1, 2] }, with: { text: $(each.word)$(each.number) } } } } }
            """;

        Lines(_bench.Read(Recipe, "more")).ShouldBe(["lines-a-1: a1", "lines-a-2: a2", "lines-b-1: b1", "lines-b-2: b2"]);
        Lines(_bench.Read(Recipe, null, "vars.words=[c]", "stages.lines.with.text=not $(each.word)")).ShouldBe(["lines-c: not c"]);
    }

    [Fact]
    public void TheResolvedRecipeShowsTheInstances()
    {
        var recipe = _bench.Read("""
            stages:
              lines: { use: write-lines, foreach: { word: [b, a, '$(name)'] }, with: { text: "$$(x) $(each.word)" } }
              one: { use: clean, inputs: { documents: lines } }
            """);
        var text = CanonicalJson.Text(recipe.Resolved);
        var again = _bench.Write("resolved.json", text).ReadFile("resolved.json");

        CanonicalJson.Text(again.Resolved).ShouldBe(text);
        text.ShouldContain("\"documents\":[\"lines-b\",\"lines-a\",\"lines-r\"]");
        Lines(again).ShouldBe(["lines-a: $(x) a", "lines-b: $(x) b", "lines-r: $(x) r"]);
    }

    [Fact]
    public void AMistakeInWhatInstancesShareIsOneMessage() =>
        _bench.Problems("""
            stages:
              lines:
                use: write-lines
                foreach: { word: [a, b], count: [x, 3] }
                with: { cuont: 1, text: $(each.word), count: $(each.count) }
                inputs: { documents: nowhere }
            """).ShouldBe("""
                r.yaml(5,13): stage 'lines': no option 'cuont'. Did you mean 'count'? Options: count, text.
                r.yaml(5,50): stage 'lines': option 'count' wants a whole number, 0 to 1000000, not 'x'.
                r.yaml(6,15): stage 'lines': no input 'documents'. Inputs: (none).
                """);

    [Theory]
    [InlineData("lines", null, null, "lines-a lines-b")]
    [InlineData("lines-b", null, null, "lines-b")]
    [InlineData(null, "lines", null, "lines-a lines-b one")]
    [InlineData(null, "lines-a", null, "lines-a one")]
    [InlineData(null, null, "lines", "first lines-a lines-b")]
    [InlineData(null, null, "lines-a", "first lines-a")]
    public void AGroupsNameSelectsItsInstances(string? only, string? from, string? until, string selected)
    {
        var recipe = _bench.Read("""
            stages:
              first: { use: write-lines }
              lines: { use: clean, foreach: { word: [a, b] }, inputs: { documents: first } }
              one: { use: clean, inputs: { documents: lines } }
            """);
        var selection = new RunSelection { Only = only is null ? [] : [only], From = from, Until = until, Force = ["lines"] };

        selection.Apply(recipe).Order().ShouldBe(selected.Split(' ').Order());
        recipe.Stages.Where(selection.Forces).Select(stage => stage.Name).ShouldBe(["lines-a", "lines-b"]);
    }

    public void Dispose() => _bench.Dispose();

    private static IEnumerable<string> Lines(CheckedRecipe recipe) =>
        recipe.Stages.Where(stage => stage.Options is WriteLinesOptions).Select(stage => $"{stage.Name}: {((WriteLinesOptions)stage.Options!).Text}");

    /// <summary>The source of the first input of each stage that has inputs.</summary>
    private IEnumerable<string> Sources(string recipe) => _bench.Read(recipe).Stages.Where(stage => stage.Inputs.Count > 0).Select(stage =>
        $"{stage.Name}: {string.Join(", ", stage.Inputs[0].Sources.Select(source => (source.Label is null ? "" : source.Label + "=") + Name(source)))}");

    private static string Name(InputSource source) => source switch
    {
        StageOutput { Part: "" } output => output.Stage,
        StageOutput output => $"{output.Stage}.{output.Part}",
        _ => ((ExternalFiles)source).Pattern,
    };
}
