using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Plugins;

public sealed class PluginFilesTests : TemporaryFolder
{
    private static readonly PluginCatalog Shipped = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly);

    private string Cache => Path.Combine(Folder, "cache");

    [Fact]
    public void WhatWasCompiledIsFoundAgain()
    {
        var file = Write("quiet.cs");
        var first = Load(Cache, file).File;
        var documentation = Path.ChangeExtension(first.AssemblyPath!, ".xml");
        File.WriteAllText(documentation, File.ReadAllText(documentation).Replace("Keeps all.", "It was kept.", StringComparison.Ordinal));

        File.WriteAllText($"{Path.GetDirectoryName(first.AssemblyPath)}.tmp-{Environment.ProcessId}", "where another compilation would be written");

        var (catalog, second) = Load(Cache, file);

        second.AssemblyPath.ShouldBe(first.AssemblyPath);
        catalog.Find("filter", "quiet")!.Summary.ShouldBe("It was kept.");
        Directory.GetDirectories(Cache).ShouldHaveSingleItem();
    }

    [Fact]
    public void AnotherSourceIsCompiledAnew()
    {
        var file = Write("quiet.cs");
        var first = Load(Cache, file).File;
        File.WriteAllText(file, File.ReadAllText(file).Replace("Keeps all.", "Keeps everything.", StringComparison.Ordinal));

        var (catalog, second) = Load(Cache, file);

        second.Source.ShouldNotBe(first.Source);
        second.AssemblyPath.ShouldNotBe(first.AssemblyPath);
        catalog.Find("filter", "quiet")!.Summary.ShouldBe("Keeps everything.");
    }

    [Fact]
    public void WhereNothingCanBeKeptItIsCompiledInMemory()
    {
        var file = Write("quiet.cs");

        var (catalog, loaded) = Load(Path.Combine(file, "below-a-file"), file);

        loaded.AssemblyPath.ShouldBeNull();
        catalog.Find("filter", "quiet")!.Summary.ShouldBe("Keeps all.");
    }

    [Fact]
    public void AWorkerLoadsWhatWasKept()
    {
        var loaded = Load(Cache, Write("quiet.cs")).File;

        var catalog = Shipped.WithAssemblies([loaded.AssemblyPath!]);

        catalog.Create<IDocumentFilter>(System.Text.Json.JsonElement.Parse("\"quiet\"")).Apply(new("", "a")).Reason.ShouldBeNull();
        Shipped.Find("filter", "quiet").ShouldBeNull();
    }

    [Fact]
    public void APluginThatIsNotThereIsNamedWithItsRemedy() =>
        Should.Throw<InvalidDataException>(() => Shipped.Create<IDocumentFilter>(System.Text.Json.JsonElement.Parse("""{"use":"quiet"}"""))).Message.ShouldBe(
            "no filter 'quiet'. Filters: language, nothing, word-count. If it is in a plugin file, name that file: plugins: [FILE] in the recipe, or --plugin FILE.");

    private string Write(string name)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, $$"""
            // {{Folder}}
            /// <summary>Keeps all.</summary>
            [Plugin("quiet")]
            public sealed class QuietFilter : IDocumentFilter
            {
                public Verdict Apply(Document document) => Verdict.Keep(document);
            }
            """);
        return path;
    }

    private static (PluginCatalog Catalog, PluginFile File) Load(string cache, string path)
    {
        var problems = new RecipeProblems();
        var (catalog, files) = new PluginFiles(cache).AddTo(Shipped, [new(path, path, SourceLocation.Of("test"))], problems);
        problems.ShouldBeEmpty();
        return (catalog, files.Single());
    }
}
