using Experiments.Engine.Code;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Code;

public sealed class CodeDigestTests(CodeDigestTests.Compilations compilations) : IClassFixture<CodeDigestTests.Compilations>
{
    private const string Source = """
        using System.Text.RegularExpressions;

        [Plugin("counted")]
        public sealed class Counted(CountedOptions options) : IDocumentFilter
        {
            public Verdict Apply(Document document) => Words.In(document.Text).Any(word => word.Length > options.Longest) ? Verdict.Drop("long") : Verdict.Keep(document);
        }

        public sealed record CountedOptions
        {
            public int Longest { get; init; } = 40;
        }

        public static class Words
        {
            public static IEnumerable<string> In(string text) => text.Split(' ').Select(word => new Trimmed(word).Text);
            public static int Never() => 1;
        }

        public sealed class Trimmed(string word)
        {
            private static readonly int[] Table = [1, 2, 3, 4, 5, 6, 7, 8, 9];
            public string Text => word.Trim('.').Normalize() is { Length: < 99 } text ? text : new { A = Table[2] }.ToString()!;
        }

        public sealed class Unrelated
        {
            public object Other => new { B = 2 };
        }
        """;

    [Theory]
    [InlineData("in the plugin", "word.Length > options", "word.Length >= options")]
    [InlineData("in a default of its options", "= 40", "= 41")]
    [InlineData("in a method reached through two others", "Trim('.')", "Trim(',')")]
    [InlineData("in a number reached through two others", "< 99", "< 98")]
    [InlineData("in a table of constants", "1, 2, 3, 4", "1, 2, 4, 3")]
    [InlineData("in a text", "\"long\"", "\"lang\"")]
    [InlineData("in what is called", "Normalize()", "ToUpperInvariant()")]
    public void AChangeInWhatThePluginReachesChangesTheDigest(string where, string before, string after) =>
        Digest(Source.Replace(before, after, StringComparison.Ordinal)).ShouldNotBe(Digest(Source), where);

    [Theory]
    [InlineData("in a class that nothing names", "B = 2", "B = 3")]
    [InlineData("in a method of a static class that nothing calls", "Never() => 1", "Never() => 2")]
    [InlineData("of line numbers", "using System.Text", "\n\n\n// a comment\nusing System.Text")]
    [InlineData("of what the compiler numbers", "[Plugin(", "public sealed class First { public object Other => new { C = 2, D = 3 }; public string Name => \"abc\" + Other; }\n[Plugin(")]
    public void AChangeElsewhereDoesNot(string what, string before, string after) =>
        Digest(Source.Replace(before, after, StringComparison.Ordinal)).ShouldBe(Digest(Source), what);

    [Fact]
    public void CodeIsFollowedIntoTheContracts()
    {
        var code = new CodeDigest().Of(PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly).Find("stage", "clean")!);

        (code.Kind, code.Plugin).ShouldBe(("stage", "clean"));
        code.Modules.Keys.ShouldBe(["Experiments.Contracts", "Experiments.Plugins.Testing"]);
    }

    [Fact]
    public void TheSameCodeInAnotherCompilationIsTheSame()
    {
        var (plugin, again) = (compilations.Add(Source), compilations.Add("\n" + Source));
        var recorded = new CodeDigest().Of(plugin);

        new CodeDigest().Of(again).Modules.ShouldNotBe(recorded.Modules);
        new CodeDigest().IsSame(recorded, again).ShouldBeTrue();
    }

    [Fact]
    public void NothingIsComputedWhereTheAssembliesAreTheSame()
    {
        var plugin = compilations.Add(Source);
        var recorded = new CodeDigest().Of(plugin);

        new CodeDigest().IsSame(recorded with { Digest = "of other code" }, plugin).ShouldBeTrue();
        new CodeDigest().IsSame(recorded with { Digest = "of other code", Modules = new Dictionary<string, string> { ["Experiments.Gone"] = "" } }, plugin).ShouldBeFalse();
    }

    private string Digest(string source) => new CodeDigest().Of(compilations.Add(source)).Digest;

    /// <summary>Compiles sources, each to an assembly.</summary>
    public sealed class Compilations : TemporaryFolder
    {
        private readonly PluginFiles _files;
        private int _count;

        public Compilations() => _files = new(Path.Combine(Folder, "cache"));

        /// <summary>The plugin of a source, as if it were built in.</summary>
        internal PluginDescription Add(string source)
        {
            var path = Path.Combine(Folder, $"counted{_count++}.cs");
            File.WriteAllText(path, source);
            var problems = new RecipeProblems();
            var (_, files) = _files.AddTo(PluginCatalog.FromAssemblies(), [new(path, path, SourceLocation.Of("test"))], problems);
            problems.ShouldBeEmpty();
            return PluginCatalog.FromAssemblies(files.Single().Assembly).Find("filter", "counted")!;
        }
    }
}
