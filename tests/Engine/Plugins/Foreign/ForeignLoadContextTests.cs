using System.Reflection;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Experiments.Engine.Tests.Plugins.Foreign;

public sealed class ForeignLoadContextTests : TemporaryFolder
{
    private const string Filter = """
        [Experiments.Contracts.Plugin("own")]
        public sealed class Own : Experiments.Contracts.Text.IDocumentFilter
        {
            public Experiments.Contracts.Text.Verdict Apply(Experiments.Contracts.Text.Document document) => Experiments.Contracts.Text.Verdict.Keep(document);
        }
        """;

    [Fact]
    public void AnAssemblyCannotTakeTheNameOfOneOfTheProgram()
    {
        const string name = "Polly.RateLimiting"; // nothing of these tests has loaded it
        AppDomain.CurrentDomain.GetAssemblies().ShouldNotContain(assembly => assembly.GetName().Name == name);

        Load(Compile(name, Filter, "99.0.0.0")).Find("filter", "own").ShouldNotBeNull();

        Path.GetDirectoryName(Assembly.Load(name).Location).ShouldBe(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
    }

    [Fact]
    public void WhatLiesNextToAnAssemblyIsFound()
    {
        var helper = Compile("own-helper", "public class Root { public int Size { get; init; } }");
        var plugin = Compile("own-plugin", Filter.Replace("public Experiments.Contracts.Text.Verdict Apply", "public Root? Root { get; init; } public Experiments.Contracts.Text.Verdict Apply", StringComparison.Ordinal), "1.0.0.0", helper);

        var type = Load(plugin).Find("filter", "own")!.Type;

        type.GetProperty("Root")!.PropertyType.Assembly.Location.ShouldBe(helper);
    }

    private static PluginCatalog Load(string path)
    {
        var problems = new RecipeProblems();
        var (catalog, _) = new PluginFiles(cacheFolder: null).AddTo(PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly), [new(path, path, SourceLocation.Of("test"))], problems);
        problems.ShouldBeEmpty();
        return catalog;
    }

    private string Compile(string name, string source, string version = "1.0.0.0", params IEnumerable<string> references)
    {
        var path = Path.Combine(Folder, name + ".dll");
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText($"#nullable enable\n[assembly: System.Reflection.AssemblyVersion(\"{version}\")]\n{source}", cancellationToken: TestContext.Current.CancellationToken)],
            platform.Concat(references).Select(reference => MetadataReference.CreateFromFile(reference)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(path, cancellationToken: TestContext.Current.CancellationToken).Success.ShouldBeTrue();
        return path;
    }
}
