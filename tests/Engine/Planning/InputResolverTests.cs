using System.Text.Json.Nodes;
using Experiments.Contracts.Artifacts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Planning;
using Experiments.Engine.Recipes;
using Experiments.Engine.Tests.Recipes;

namespace Experiments.Engine.Tests.Planning;

/// <summary>What a key holds of a stage's inputs.</summary>
public sealed class InputResolverTests : IDisposable
{
    private const string Compare = """
        stages:
          lines: { use: write-lines }
          words: { use: split, inputs: { documents: lines } }
          one: { use: train, inputs: { documents: lines, tokenizer: words.words }, with: { model: gpt } }
          two: { use: train, inputs: { documents: lines, tokenizer: words.words }, with: { model: bigram } }
          all: { use: compare, inputs: { models: MODELS } }
        """;

    private readonly RecipeBench _bench = new();
    private readonly Dictionary<string, StoredArtifact> _made = [];

    [Fact]
    public void TheSeedIsPartOfTheKey()
    {
        var stage = Stage("stages: { lines: { use: write-lines } }", "lines");

        Key(stage, seed: 2).ShouldNotBe(Key(stage, seed: 1));
    }

    [Fact]
    public void ThePartThatIsReadCountsAndTheOtherPartsDoNot()
    {
        var train = Stage(Recipe("{ a: one }"), "one");
        Make("lines", ("", "lines"));
        Make("words", ("train", "t"), ("words", "w"), ("summary", "s"));
        var before = Key(train);

        Make("words", ("train", "other"), ("words", "w"), ("summary", "other"));
        Key(train).ShouldBe(before);
        Make("words", ("train", "t"), ("words", "other"), ("summary", "s"));
        Key(train).ShouldNotBe(before);
    }

    [Theory]
    [InlineData("{ a: one, b: two }", true)]
    [InlineData("{ a: two, b: one }", false)]
    [InlineData("{ a: one, c: two }", false)]
    [InlineData("{ b: two, a: one }", false)]
    [InlineData("{ a: one }", false)]
    public void TheNamesOfInputsAndTheirOrderArePartOfTheKey(string models, bool isSame)
    {
        Make("one", ("", "first"));
        Make("two", ("", "second"));

        (Key(Comparing(models)) == Key(Comparing("{ a: one, b: two }"))).ShouldBe(isSame);
    }

    [Fact]
    public void FilesCountByTheirBytesAndNamesAndNotByTheirFolder()
    {
        _bench.Write("moved/a.txt", "one\n").Write("changed/a.txt", "two\n").Write("renamed/b.txt", "one\n");

        Of("moved/a.txt").ShouldBe(Of("data/a.txt"));
        Of("changed/a.txt").ShouldNotBe(Of("data/a.txt"));
        Of("renamed/b.txt").ShouldNotBe(Of("data/a.txt"));

        string Of(string file) => Key(Stage($"stages: {{ a: {{ use: clean, inputs: {{ documents: file:{file} }} }} }}", "a"));
    }

    [Fact]
    public void TheKeysOfWhatIsReadAreTheParents()
    {
        Make("one", ("", "first"));
        Make("two", ("", "second"));

        var work = InputResolver.Resolve(Comparing("{ a: two, b: one }"), 1, _made);

        work.Parents.ShouldBe(["key of two", "key of one"]);
    }

    [Fact]
    public void FilesOfSeveralTopFoldersHaveTheRootInCommon()
    {
        var stage = Stage("stages: { a: { use: clean, inputs: { documents: file:data/a.txt } } }", "a");
        var input = stage.Inputs.ShouldHaveSingleItem();
        var source = (ExternalFiles)input.Sources.ShouldHaveSingleItem();
        var files = source with { Files = [.. source.Files, "/proc/version"] };

        var work = InputResolver.Resolve(stage with { Inputs = [input with { Sources = [files] }] }, 1, _made);

        work.Inputs[0].Sources[0].Location.Folder.ShouldBe("/");
        work.Sources[0].Files[1].ShouldBe("proc/version");
    }

    public void Dispose() => _bench.Dispose();

    private static string Recipe(string models) => Compare.Replace("MODELS", models, StringComparison.Ordinal);

    private BoundStage Comparing(string models) => Stage(Recipe(models), "all");

    private BoundStage Stage(string recipe, string name) => _bench.Read(recipe).Stages.Single(stage => stage.Name == name);

    private string Key(BoundStage stage, ulong seed = 1) => InputResolver.Resolve(stage, seed, _made).Key;

    /// <summary>An artifact of a stage, whose key stays the same whatever its parts hold.</summary>
    private void Make(string stage, params (string Name, string Digest)[] parts) => _made[stage] = new StoredArtifact(
        Path.Combine(_bench.Root, stage),
        new ArtifactManifest
        {
            Plugin = stage,
            Key = $"key of {stage}",
            Identity = [],
            Options = new JsonObject(),
            Parents = [],
            Parts = [.. parts.Select(part => new StoredPart(part.Name, nameof(Documents), part.Digest, []))],
            Results = new Dictionary<string, double>(),
            Environment = new Dictionary<string, string>(),
            Finished = DateTimeOffset.UnixEpoch,
            Seconds = 1,
        });
}
