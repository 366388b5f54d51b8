using Experiments.Engine.Recipes;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Runs;

namespace Experiments.Engine.Tests.Planning;

public sealed class PlanReasonTests : IDisposable
{
    private const string Recipe = """
        name: r
        stages:
          clean: { use: clean, inputs: { documents: file:data/*.txt }, with: { steps: [{ use: word-count, min_words: 1 }] } }
          parts: { use: split, inputs: { documents: clean } }
          model: { use: train, inputs: { documents: parts, tokenizer: parts }, with: { model: gpt } }
        """;

    private readonly PretendRuns _runs = new();

    [Fact]
    public void AStageThatNeverRanSaysSo() => _runs.Reason(Read(), "clean").ShouldBe("it has never run");

    [Fact]
    public void AnOptionIsNamedAsTheRecipeNamesIt()
    {
        _runs.Run(Read());

        _runs.Reason(Read("stages.clean.with.steps.0.min_words=2"), "clean").ShouldBe("with.steps.0.min_words: 1 -> 2");
    }

    [Fact]
    public void AStageThatWaitsNamesWhatItReadsAndWhatChangedInItself()
    {
        _runs.Run(Read());

        _runs.Reason(Read("stages.clean.with.steps.0.min_words=2", "stages.parts.with={}"), "parts").ShouldBe("reads 'clean', which runs first");
        _runs.Reason(Read("stages.clean.with.steps.0.min_words=2", "stages.model.with.tokens=5"), "model").ShouldBe("with.tokens: 1000 -> 5; reads 'parts', which runs first");
    }

    [Fact]
    public void AStageWithoutCheckpointThatWasBrokenOffSaysSo()
    {
        _runs.Run(Read(), end: null, until: "parts");

        _runs.Reason(Read(), "parts").ShouldBe("it was interrupted before its first checkpoint");
    }

    [Fact]
    public void AnInputWithOtherContentIsExplainedByItsMaker()
    {
        _runs.Run(Read());
        MakeOnly("clean", Read("stages.clean.with.steps.0.min_words=2"));

        _runs.Reason(Read("stages.clean.with.steps.0.min_words=2"), "parts")
            .ShouldBe("input 'documents' has different content ('clean' was made again, with.steps.0.min_words: 1 -> 2)");
    }

    [Fact]
    public void AnArtifactThatIsGoneIsSaid()
    {
        _runs.Run(Read());
        Directory.Delete(_runs.Store.All().First(artifact => artifact.Manifest.Plugin == "clean").Folder, recursive: true);

        _runs.Reason(Read(), "clean").ShouldBe("its artifact is no longer in the store");
    }

    public void Dispose() => _runs.Dispose();

    private CheckedRecipe Read(params string[] sets) => _runs.Bench.Read(Recipe, null, sets);

    private void MakeOnly(string stage, CheckedRecipe recipe)
    {
        _runs.Run(recipe, until: _runs.Plan(recipe).SkipWhile(each => each.Stage.Name != stage).Skip(1).First().Stage.Name);
        DropLastRun();
    }

    /// <summary>Deletes the newest run but keeps its artifacts, as if a run of another recipe had made them.</summary>
    private void DropLastRun() => Directory.Delete(RunFolder.Of(Path.Combine(_runs.Folder, "r")).First().Path, recursive: true);
}
