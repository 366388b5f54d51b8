using Experiments.Engine.Recipes;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Recipes;

public sealed class InterpolationTests : IDisposable
{
    private readonly RecipeBench _bench = new();

    [Theory]
    [InlineData("$(vars.word)", "hello")]
    [InlineData("$(vars.word) of $(name), $(seed)", "hello of r, 1")]
    [InlineData("$(vars.sentence)", "hello hello")]
    [InlineData("$(vars.deep.er)", "9")]
    [InlineData("$(vars.nowhere, by default)", "by default")]
    [InlineData("$(env.NOWHERE, $(vars.word))", "hello")]
    [InlineData("$(env.HERE, x)", "set")]
    [InlineData("$$(vars.word) costs $5", "$(vars.word) costs $5")]
    [InlineData("$(vars.none)and $(vars.none)", "and ")]
    [InlineData("$(vars.deep.er) $(vars.shallow.er)", "9 3")]
    [InlineData("<$(env.EMPTY, x)>", "<>")]
    [InlineData("a ${x} and )(", "a ${x} and )(")]
    public void ValuesArePutIn(string text, string expected)
    {
        _bench.Environment["HERE"] = "set";
        _bench.Environment["EMPTY"] = "";
        Text($$"""
            vars: { word: hello, sentence: $(vars.word) $(vars.word), deep: { er: 9 }, shallow: { er: 3 }, none: ~ }
            stages: { a: { use: write-lines, with: { text: "{{text}}" } } }
            """).ShouldBe(expected);
    }

    [Fact]
    public void ACommaInsideParenthesesNeedsNoQuotesBetweenBraces() =>
        Text("stages: { a: { use: write-lines, with: { text: $(env.NOWHERE, runs/mlruns), count: 2 } } }").ShouldBe("runs/mlruns");

    [Fact]
    public void ACommaInsideParenthesesNeedsNoQuotesBetweenBrackets()
    {
        var options = (CleanOptions)_bench.Read("""
            stages: { a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [{ use: language, keep: [$(vars.x, en), de] }] } } }
            """).Stages[0].Options!;
        options.Steps[0].Recipe.GetProperty("keep").GetRawText().ShouldBe("""["en","de"]""");
    }

    [Fact]
    public void AVariableMayBeAListOrAPlugin()
    {
        var recipe = _bench.Read("""
            vars:
              languages: [en, $(vars.second)]
              second: de
              filter: { use: language, keep: $(vars.languages) }
            stages: { a: { use: clean, inputs: { documents: file:data/* }, with: { steps: [$(vars.filter)] } } }
            """);
        recipe.Stages[0].Full["steps"]!.ToJsonString().ShouldBe("""[{"keep":["en","de"],"min_score":0.65,"use":"language"}]""");
    }

    [Fact]
    public void TrackingIsInterpolatedToo()
    {
        var recipe = _bench.Read("name: n\ntracking: { uri: $(env.MLFLOW_TRACKING_URI, runs/mlruns) }\nstages: { a: { use: write-lines } }");
        recipe.Tracking.ShouldBe(new TrackingSettings { Tracker = recipe.Tracking.Tracker, Uri = "runs/mlruns", Experiment = "n" });
    }

    [Fact]
    public void AliasesAreFollowed() =>
        Text("vars: { x: &words some words }\nstages: { a: { use: write-lines, with: { text: *words } } }").ShouldBe("some words");

    public void Dispose() => _bench.Dispose();

    private string Text(string recipe) => ((WriteLinesOptions)_bench.Read(recipe).Stages[0].Options!).Text;
}
