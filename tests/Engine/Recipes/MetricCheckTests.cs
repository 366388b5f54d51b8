namespace Experiments.Engine.Tests.Recipes;

/// <summary>A metric that a recipe names and its stage never records is found before anything runs.</summary>
public sealed class MetricCheckTests : IDisposable
{
    private const string Stages = """
        stages:
          lines: { use: write-lines, EXPECT }
          clean: { use: clean, inputs: { documents: lines }, with: { steps: [STEPS] }, CLEAN }
          parts: { use: split, inputs: { documents: lines }, PARTS }
          model: { use: train, inputs: { documents: parts, tokenizer: parts }, with: { model: gpt }, MODEL }
          more: { use: train, inputs: { documents: parts, tokenizer: parts, start: model }, with: { model: gpt }, MORE }
          compare: { use: compare, inputs: { models: { big: model, small: more } }, COMPARE }

        """;

    private const string Own = """
        using System.Threading.Tasks;

        /// <summary>Records what it likes.</summary>
        [Plugin("own")]
        DECLARED
        public sealed class OwnStage : IStage<NoInputs, Documents>
        {
            public Task<Documents> RunAsync(NoInputs inputs, StageContext context, CancellationToken cancellationToken) => null!;
        }

        /// <summary>Drops for a reason.</summary>
        [Plugin("own-filter")]
        FILTERED
        public sealed class OwnFilter : IDocumentFilter
        {
            public Verdict Apply(Document document) => Verdict.Keep(document);
        }
        """;

    private readonly RecipeBench _bench = new();

    [Theory]
    [InlineData("EXPECT", "liens", "(2,40): stage 'lines', expect: no metric 'liens'. Did you mean 'lines'? Metrics of 'write-lines': lines.")]
    [InlineData("PARTS", "loss", "(4,64): stage 'parts', expect: 'split' records no metrics, so there is no 'loss'.")]
    [InlineData("CLEAN", "dropped/word_cuont", "(3,95): stage 'clean', expect: no metric 'dropped/word_cuont'. Did you mean 'dropped/word_count'? Metrics of 'clean': dropped/word_count.")]
    [InlineData("CLEAN", "dropped/nothing", "(3,95): stage 'clean', expect: no metric 'dropped/nothing'. Metrics of 'clean': dropped/word_count.")]
    [InlineData("MODEL", "loss_gain", "(5,104): stage 'model', expect: 'train' records 'loss_gain' only with the input 'start', which this stage does not have.")]
    [InlineData("MODEL", "loss/", "(5,104): stage 'model', expect: no metric 'loss/'. Did you mean 'loss'? Metrics of 'train': loss, loss/{part}.")]
    [InlineData("COMPARE", "score/bag", "(7,87): stage 'compare', expect: no metric 'score/bag'. Did you mean 'score/big'? Metrics of 'compare': score/big, score/small.")]
    public void AGateNamesAMetricThatItsStageRecords(string stage, string metric, string problem) =>
        _bench.Problems(Recipe(stage, metric)).ShouldBe("r.yaml" + problem);

    [Theory]
    [InlineData("EXPECT", "lines")]
    [InlineData("CLEAN", "dropped/word_count")]
    [InlineData("MODEL", "loss")]
    [InlineData("MODEL", "loss/any_part/1")]
    [InlineData("MORE", "loss_gain")]
    [InlineData("COMPARE", "score/small")]
    public void AMetricThatIsRecordedMayBeNamed(string stage, string metric) => Should.NotThrow(() => _bench.Read(Recipe(stage, metric)));

    [Fact]
    public void TheObjectiveOfASweepIsSuchAMetricToo() =>
        _bench.Problems(Recipe() + "sweep: { space: { t: { path: stages.lines.with.count, values: [1, 2] } }, objective: { minimize: model.los } }")
            .ShouldBe("r.yaml(8,98): sweep, option 'objective', stage 'model': no metric 'los'. Did you mean 'loss'? Metrics of 'train': loss, loss/{part}.");

    [Theory]
    [InlineData("COMPARE", "loss", null)]
    [InlineData("COMPARE", "loss_gain", "r.yaml(7,89): stage 'compare', option 'by', stage 'model': 'train' records 'loss_gain' only with the input 'start', which this stage does not have.")]
    [InlineData("COMPARE", "lose", "r.yaml(7,89): stage 'compare', option 'by', stage 'model': no metric 'lose'. Did you mean 'loss'? Metrics of 'train': loss, loss/{part}.\nr.yaml(7,89): stage 'compare', option 'by', stage 'more': no metric 'lose'. Did you mean 'loss'? Metrics of 'train': loss, loss/{part}, loss_gain.")]
    public void AnOptionMayNameAMetricOfTheStagesThatAreRead(string stage, string metric, string? problems)
    {
        var recipe = Recipe(stage, metric).Replace("expect: { " + metric + ": '> 0' }", $"with: {{ by: {metric} }}", StringComparison.Ordinal);

        if (problems is null)
        {
            Should.NotThrow(() => _bench.Read(recipe));
        }
        else
        {
            _bench.Problems(recipe).ShouldBe(problems);
        }
    }

    [Fact]
    public void AnOwnPluginThatDeclaresNothingMayRecordAnything()
    {
        _bench.Write("own.cs", Own.Replace("DECLARED", "", StringComparison.Ordinal).Replace("FILTERED", "", StringComparison.Ordinal));

        Should.NotThrow(() => _bench.Read("plugins: [own.cs]\nstages: { a: { use: own, expect: { anything: '> 0' } } }"));
        Should.NotThrow(() => _bench.Read("plugins: [own.cs]\n" + Recipe("CLEAN", "dropped/anything", "word-count, own-filter")));
        _bench.Problems("plugins: [own.cs]\n" + Recipe("CLEAN", "drapped", "own-filter")).ShouldEndWith("no metric 'drapped'. Metrics of 'clean': dropped/{reason}.");
    }

    [Fact]
    public void WhatAnOwnPluginDeclaresIsAllThatItRecords()
    {
        _bench.Write("own.cs", Own.Replace("DECLARED", "[Metric(\"score\"), Metric(MetricNames.Loss)]", StringComparison.Ordinal).Replace("FILTERED", "[Metric(\"dropped/shouting\")]", StringComparison.Ordinal));

        Should.NotThrow(() => _bench.Read("plugins: [own.cs]\nstages: { a: { use: own, expect: { score: '> 0', loss: '< 3' } } }"));
        Should.NotThrow(() => _bench.Read("plugins: [own.cs]\n" + Recipe("CLEAN", "dropped/shouting", "own-filter")));
        _bench.Problems("plugins: [own.cs]\nstages: { a: { use: own, expect: { scores: '> 0' } } }").ShouldEndWith("no metric 'scores'. Did you mean 'score'? Metrics of 'own': score, loss.");
        _bench.Problems("plugins: [own.cs]\n" + Recipe("CLEAN", "dropped/shuoting", "own-filter")).ShouldEndWith("no metric 'dropped/shuoting'. Did you mean 'dropped/shouting'? Metrics of 'clean': dropped/shouting.");
    }

    [Theory]
    [InlineData("[Metric(\"Score\")]", "a plugin cannot declare the metric 'Score'. A name is lower_snake")]
    [InlineData("[Metric(\"score/{a}/{b}\")]", "a plugin cannot declare the metric 'score/{a}/{b}'. A name is lower_snake")]
    [InlineData("[Metric(\"a\"), Metric(\"b\"), Metric(\"a\")]", "the metric 'a' is declared twice.")]
    public void ADeclarationThatIsWrongIsReportedWithItsFile(string declared, string problem)
    {
        _bench.Write("own.cs", Own.Replace("DECLARED", declared, StringComparison.Ordinal).Replace("FILTERED", "", StringComparison.Ordinal));

        _bench.Problems("plugins: [own.cs]\nstages: { a: { use: own } }").ShouldStartWith($"r.yaml(1,11): the plugin file 'own.cs': OwnStage: {problem}");
    }

    [Fact]
    public void OfManyMetricsOnlyTheNearestAreListed()
    {
        _bench.Write("own.cs", Own.Replace("FILTERED", "", StringComparison.Ordinal)
            .Replace("DECLARED", string.Concat(Enumerable.Range(1, 20).Select(number => $"[Metric(\"score_{number}\")]")) + "[Metric(\"validation_loss\")]", StringComparison.Ordinal));

        _bench.Problems("plugins: [own.cs]\nstages: { a: { use: own, expect: { val_loss: '> 0' } } }")
            .ShouldContain("The nearest of 21 metrics: ");
        _bench.Problems("plugins: [own.cs]\nstages: { a: { use: own, expect: { validation_los: '> 0' } } }")
            .ShouldMatch("no metric 'validation_los'. Did you mean 'validation_loss'\\? The nearest of 21 metrics: validation_loss(, score_\\d+){4}. `lab plugins own` lists all.$");
    }

    public void Dispose() => _bench.Dispose();

    private static string Recipe(string stage = "none", string metric = "none", string steps = "word-count")
    {
        var recipe = Stages.Replace("STEPS", steps, StringComparison.Ordinal).Replace(stage, $"expect: {{ {metric}: '> 0' }}", StringComparison.Ordinal);
        return new[] { "EXPECT", "CLEAN", "PARTS", "MODEL", "MORE", "COMPARE" }.Aggregate(recipe, (text, each) => text.Replace($", {each}", "", StringComparison.Ordinal));
    }
}
