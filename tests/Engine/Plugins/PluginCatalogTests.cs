using System.Reflection;
using System.Reflection.Emit;
using Experiments.Contracts;
using Experiments.Contracts.Artifacts;
using Experiments.Contracts.Text;
using Experiments.Engine.Plugins;
using Experiments.Plugins.Testing;
using Experiments.Testing;

namespace Experiments.Engine.Tests.Plugins;

public sealed class PluginCatalogTests : IDisposable
{
    private static readonly PluginCatalog Catalog = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly);
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-plugins-").FullName;

    [Fact]
    public void PluginsAreFoundByKindAndName()
    {
        Catalog.OfKind("filter").Select(plugin => plugin.Name).ShouldBe(["language", "nothing", "word-count"]);
        Catalog.Find("model", "gpt")!.Version.ShouldBe(2);
        Catalog.Find("filter", "gpt").ShouldBeNull();
    }

    [Fact]
    public void AFolderIsSearchedForPluginAssemblies()
    {
        var catalog = PluginCatalog.FromFolder(AppContext.BaseDirectory);
        catalog.Plugins.Select(plugin => $"{plugin.Kind} {plugin.Name}").ShouldBe(Catalog.Plugins.Select(plugin => $"{plugin.Kind} {plugin.Name}"));
    }

    [Fact]
    public void SummariesComeFromTheDocumentation()
    {
        var plugin = Catalog.Find("filter", "word-count")!;

        plugin.Summary.ShouldBe("Keeps documents of a length, counted in words.");
        plugin.Options.Single(option => option.Name == "max_words").Summary.ShouldBe("The most words. Unit: words. Default: 100,000; see MinWords.");
    }

    [Fact]
    public void OptionsAreDescribed()
    {
        string Line(string kind, string name) => string.Join('\n', Catalog.Find(kind, name)!.Options.Select(option =>
            $"{option.Name}: {option.Type}; {option.Allowed ?? "-"}; {option.Default ?? "-"}; {(option.IsRequired ? "required" : "")}{(option.IsRuntimeOnly ? "runtime only" : "")}"));

        Line("model", "gpt").ShouldBe("""
            layers: a whole number; 1 to 128; 4; 
            width: a whole number; one of 64, 128, 256; 128; 
            activation: one of gelu, squared-relu; -; "gelu"; 
            dropout: a number; at least 0 and less than 1; -; 
            """);
        Line("stage", "train").ShouldBe("""
            model: a model; -; -; required
            optimizer: an optimizer; -; adamw; 
            tokens: a whole number; at least 1; 1000; 
            batch: a whole number; -; 8; 
            """);
        Line("stage", "clean").ShouldContain("workers: a whole number; 1 to 64; 1; runtime only");
        Line("optimizer", "adamw").ShouldContain("betas: a list (each a number); 2 items; [0.9,0.95]; ");
    }

    [Fact]
    public void InputsAndOutputsOfAStageAreDescribed()
    {
        Catalog.Find("stage", "compare")!.Inputs.ShouldBe(
            [new("models", typeof(Checkpoint), InputCardinality.Map, false), new("others", typeof(Artifact), InputCardinality.List, true)]);
        Catalog.Find("stage", "train")!.Inputs[2].ShouldBe(new InputDescription("start", typeof(Checkpoint), InputCardinality.One, true));
        Catalog.Find("stage", "train")!.Outputs.ShouldBe([new("", typeof(Checkpoint))]);
        Catalog.Find("stage", "split")!.Outputs.ShouldBe([new("train", typeof(Documents)), new("words", typeof(Tokenizer)), new("summary", typeof(Report))]);
        Catalog.Find("stage", "write-lines")!.Inputs.ShouldBeEmpty();
    }

    [Fact]
    public void AllMakesEveryPluginWithDefaultOptions() => Catalog.All<IPretendOptimizer>().Select(plugin => plugin.LearningRate).ShouldBe([6e-4, 0.1]);

    [Fact]
    public void AllNamesThePluginThatCannotStandOnDefaults() =>
        Should.Throw<InvalidDataException>(() => Catalog.All<IDocumentFilter>()).Message.ShouldStartWith("default options: filter 'language': the option 'keep' is missing.");

    [Fact]
    public async Task StagesAreRunThroughTheirDescription()
    {
        using var bench = new StageBench();
        var stage = Catalog.Find("stage", "compare")!;
        var inputs = PluginReflection.CreateInputs(stage, input => input.Name == "models"
            ? new Dictionary<string, Artifact> { ["a"] = PluginReflection.CreateArtifact(typeof(Checkpoint), bench.Folder("a")) }
            : new List<Artifact> { PluginReflection.CreateArtifact(typeof(Report), bench.Folder("b")) });
        var output = await PluginReflection.RunAsync(stage, Catalog.Create(stage, new CompareOptions()), inputs, bench.Context<CompareStage>(), TestContext.Current.CancellationToken);

        (await File.ReadAllLinesAsync(Path.Combine(output.ShouldBeOfType<Report>().Folder, "report.md"), TestContext.Current.CancellationToken)).ShouldBe(["a", "Report"]);
    }

    [Fact]
    public void TwoPluginsOfOneNameAreRefused() =>
        Should.Throw<InvalidPluginException>(() => PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly, typeof(CleanStage).Assembly))
            .Message.ShouldBe("Two plugins have the same kind and name, filter 'word-count': Experiments.Plugins.Testing.WordCountFilter and Experiments.Plugins.Testing.WordCountFilter.");

    [Fact]
    public void AClassOfNoKindIsRefused() =>
        Refusal(type => type.DefineDefaultConstructor(MethodAttributes.Public)).ShouldStartWith("Odd: plugin 'odd' does not implement a kind of plugin.");

    [Fact]
    public void AClassWithoutAUsableConstructorIsRefused() =>
        Refusal(type =>
        {
            type.AddInterfaceImplementation(typeof(IStage));
            type.DefineDefaultConstructor(MethodAttributes.Family);
        }).ShouldBe("Odd: plugin 'odd' needs one public constructor, without parameters or with its options record as the only one.");

    [Fact]
    public void OptionsThatAreNoRecordAreRefused() =>
        Refusal(type =>
        {
            type.AddInterfaceImplementation(typeof(IStage));
            type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(List<int>)]).GetILGenerator().Emit(OpCodes.Ret);
        }).ShouldContain("options must be a record");

    [Fact]
    public void AFileThatIsNoAssemblyIsRefused()
    {
        File.WriteAllText(Path.Combine(_folder, "Experiments.Plugins.Text.dll"), "no assembly");
        Should.Throw<InvalidPluginException>(() => PluginCatalog.FromFolder(_folder)).Message.ShouldContain("Experiments.Plugins.Text.dll: not a .NET assembly.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The catalog's error for a folder with one wrong plugin class.</summary>
    private string Refusal(Action<TypeBuilder> define)
    {
        var name = $"Experiments.Plugins.Odd{Guid.NewGuid():N}";
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(name).DefineType("Odd", TypeAttributes.Public);
        type.SetCustomAttribute(new CustomAttributeBuilder(typeof(PluginAttribute).GetConstructors().Single(), ["odd"]));
        define(type);
        type.CreateType();
        assembly.Save(Path.Combine(_folder, name + ".dll"));
        return Should.Throw<InvalidPluginException>(() => PluginCatalog.FromFolder(_folder)).Message;
    }
}
