using Experiments.Engine.Recipes;
using Experiments.Engine.Tests.Runs;

namespace Experiments.Engine.Tests.Planning;

public sealed class CauseTracerTests : IDisposable
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
    public void AChangeIsFollowedToTheStageWhereItBegan()
    {
        _runs.Run(Read());

        Roots("model", "stages.clean.with.steps.0.min_words=2").ShouldBe(["documents <- parts <- documents <- clean: with.steps.0.min_words: 1 -> 2"]);
    }

    [Fact]
    public void ChangesOfTheStageItselfStandFirst()
    {
        _runs.Run(Read());

        Roots("model", "stages.clean.with.steps.0.min_words=2", "stages.model.with.tokens=5")
            .ShouldBe(["with.tokens: 1000 -> 5", "documents <- parts <- documents <- clean: with.steps.0.min_words: 1 -> 2"]);
    }

    [Fact]
    public void AChangeThatLeavesTheBytesAsTheyAreIsNoCause()
    {
        _runs.Run(Read(), _ => "same");
        _runs.Run(Read("stages.clean.with.steps.0.min_words=2"), _ => "same");

        Roots("parts", "stages.clean.with.steps.0.min_words=2").ShouldBeEmpty();
    }

    [Fact]
    public void ChangedFilesAreTheRoot()
    {
        _runs.Run(Read());
        _runs.Bench.Write("data/c.txt", "three");

        Roots("model").ShouldBe(["documents <- parts <- documents <- clean: the files of data/*.txt have different names or content"]);
    }

    [Fact]
    public void AStageIsHeldAgainstTheRunInWhichItsReaderLastRan()
    {
        _runs.Run(Read());
        _runs.Run(Read("stages.clean.with.steps.0.min_words=2"), until: "parts");
        _runs.Run(Read("stages.clean.with.steps.0.min_words=3"), until: "parts");

        Roots("model", "stages.clean.with.steps.0.min_words=3").ShouldBe(["documents <- parts <- documents <- clean: with.steps.0.min_words: 1 -> 3"]);
    }

    public void Dispose() => _runs.Dispose();

    private CheckedRecipe Read(params string[] sets) => _runs.Bench.Read(Recipe, null, sets);

    private IEnumerable<string> Roots(string stage, params string[] sets) => _runs.Trace(Read(sets), stage).Roots().Select(root => root.ToString());
}
