using Experiments.Contracts;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Graphs;
using Experiments.Engine.Runs;
using Experiments.Engine.Tests.Runs;

namespace Experiments.Engine.Tests.Artifacts;

public sealed class LineageTests : IDisposable
{
    private const string Recipe = """
        name: r
        stages:
          clean: { use: clean, inputs: { documents: "file:data/*.txt" } }
          parts: { use: split, inputs: { documents: clean } }
          model: { use: train, inputs: { documents: parts, tokenizer: parts }, with: { model: gpt } }
        """;

    private readonly PretendRuns _runs = new();

    public LineageTests() => _runs.Run(_runs.Bench.Read(Recipe));

    [Fact]
    public void TheWayLeadsToTheFilesFromOutside()
    {
        var model = Of("r/model");

        model.Inputs.Select(input => (input.Name, input.Artifact!.Artifact!.Manifest.Plugin)).ShouldBe([("documents", "split"), ("tokenizer", "split")]);
        var files = model.Inputs[0].Artifact!.Inputs.Single().Artifact!.Inputs.Single().Files!;
        files.Pattern.ShouldBe("data/*.txt");
        files.Folder.ShouldBe(Path.Combine(_runs.Bench.Root, "data"));
        files.Files.ShouldBe(["a.txt", "b.txt"]);
    }

    [Fact]
    public void WhatIsReadTwiceIsOneNode()
    {
        var model = Of("r/model");

        model.Inputs[0].Artifact.ShouldBeSameAs(model.Inputs[1].Artifact);
        LineageGraph.Of(model).ToString().Split("split@").Length.ShouldBe(2);
    }

    [Fact]
    public void AMissingAncestorIsNamedByItsKeyAndInput()
    {
        Directory.Delete(Find("r/clean").Folder, recursive: true);

        var input = Of("r/parts").Inputs.Single();

        input.Name.ShouldBe("documents");
        input.Artifact!.Artifact.ShouldBeNull();
        LineageGraph.Of(Of("r/parts")).ToString().ShouldContain("gone");
    }

    [Fact]
    public void AManifestWithoutNamesOfFilesStillSaysThatTheyWereFiles()
    {
        var clean = Find("r/clean");
        File.WriteAllText(Path.Combine(clean.Folder, "artifact.json"), (clean.Manifest with { Sources = null }).ToJson());

        Of("r/clean").Inputs.Single().ShouldBe(new LineageInput("documents", null, null));
    }

    [Fact]
    public void TwoParentsWithTheSameBytesAreTwo()
    {
        _runs.Run(_runs.Bench.Read("""
            name: twins
            stages:
              one: { use: write-lines, with: { text: one } }
              two: { use: write-lines, with: { text: two } }
              both: { use: clean, inputs: { documents: [one, two] } }
            """), _ => "the same");

        Of("twins/both").Inputs.Select(input => input.Artifact!.Key).ShouldBe([Find("twins/one").Manifest.Key, Find("twins/two").Manifest.Key]);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("@1/model")]
    public void AnArtifactIsFoundByItsStage(string reference) => Find(reference).Manifest.Plugin.ShouldBe("train");

    [Fact]
    public void AnArtifactIsFoundByFolderNameAndKey()
    {
        var model = Find("r/model");

        Find(model.Folder).Manifest.Key.ShouldBe(model.Manifest.Key);
        Find(Path.GetFileName(model.Folder)).Manifest.Key.ShouldBe(model.Manifest.Key);
        Find(model.Manifest.Key[..6]).Manifest.Key.ShouldBe(model.Manifest.Key);
    }

    [Fact]
    public void AnUnknownNameGetsASuggestion()
    {
        Should.Throw<UsageException>(() => Find("modle")).Message.ShouldContain("Did you mean 'model'?");
        Should.Throw<UsageException>(() => Find("r/modle")).Message.ShouldContain("Did you mean 'model'?");
    }

    public void Dispose() => _runs.Dispose();

    private StoredArtifact Find(string reference) => ArtifactReference.Find(reference, _runs.Store, new RunCatalog(_runs.Folder));

    private Lineage Of(string reference) => Lineage.Of(Find(reference), _runs.Store);
}
