using System.Text.Json;
using Experiments.Contracts.Text;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins.Foreign;
using Experiments.Engine.Recipes;

namespace Experiments.Engine.Tests.Recipes;

public sealed class RecipePluginsTests : IDisposable
{
    private const string Shout = """
        /// <summary>Drops documents in capitals.</summary>
        [Plugin("shout")]
        public sealed class ShoutFilter(ShoutOptions options) : IDocumentFilter
        {
            public Verdict Apply(Document document) =>
                document.Text.Count(char.IsUpper) > options.MaxCapitals ? Verdict.Drop("shouting") : Verdict.Keep(document);
        }

        /// <summary>Settings of <c>shout</c>.</summary>
        public sealed record ShoutOptions
        {
            /// <summary>Capitals at most. Default: 3.</summary>
            [Range(0, 1000)] public int MaxCapitals { get; init; } = 3;
        }
        """;

    private const string Circle = """
        /// <summary>Keeps everything.</summary>
        [Plugin("circle")]
        public sealed class CircleFilter(CircleOptions options) : IDocumentFilter
        {
            public Verdict Apply(Document document) => options.Inner is null ? Verdict.Drop("circle") : Verdict.Keep(document);
        }

        /// <summary>Settings.</summary>
        public sealed record CircleOptions
        {
            /// <summary>More.</summary>
            public IReadOnlyList<MoreOptions>? Inner { get; init; }
        }

        /// <summary>More settings.</summary>
        public sealed record MoreOptions
        {
            /// <summary>The first again.</summary>
            public CircleOptions? Outer { get; init; }
        }
        """;

    private readonly RecipeBench _bench = new();

    /// <summary>Each wrong way to specify plugins, with its exact message.</summary>
    public static TheoryData<string, string, string> Broken => new()
    {
        {
            "mistakes in the source, together with those of the recipe",
            "sed: 1\nplugins: [broken.cs]\n" + Clean("{ use: shout, max_capitals: 3 }, { use: word-count, min_words: -1 }"),
            "broken.cs(3,68): error CS0103: The name 'reason' does not exist in the current context\n"
            + "broken.cs(4,31): error CS0029: Cannot implicitly convert type 'string' to 'int'\n"
            + "r.yaml(1,1): no recipe key 'sed'. Did you mean 'seed'? Keys: name, extends, seed, vars, plugins, tracking, stages, profiles, sweep, secrets.\n"
            + "r.yaml(4,135): stage 'a', filter 'word-count': option 'min_words' wants a whole number, at least 0, not '-1'."
        },
        {
            "no file",
            "plugins: [deep/nowhere.cs]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'deep/nowhere.cs' cannot be read: no such file, or no access. Paths in a recipe are relative to the recipe's folder, paths in an argument to the working directory."
        },
        {
            "neither source nor assembly",
            "plugins: data/a.txt\n" + Clean("nothing"),
            "r.yaml(1,10): the plugin file 'data/a.txt' is neither a C# file (.cs) nor an assembly (.dll)."
        },
        {
            "no assembly",
            "plugins: [text.dll]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'text.dll': ROOT/text.dll: not a .NET assembly. Bad IL format. The format of the file 'ROOT/text.dll' is invalid."
        },
        {
            "no plugins in it",
            "plugins:\n  - empty.cs\n" + Clean("nothing"),
            "r.yaml(2,5): the plugin file 'empty.cs': it has no plugins. A plugin is a public class with [Plugin(\"name\")]."
        },
        {
            "a plugin that breaks the rules",
            "plugins: [rules.cs]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'rules.cs': Odd: plugin 'odd' does not implement a kind of plugin. Implement an interface with a [PluginKind], such as IStage<,> or IDocumentFilter."
        },
        {
            "an option of an impossible type",
            "plugins: [option.cs]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'option.cs': OddOptions.When: an option cannot be of type System.Uri."
        },
        {
            "a name that is taken",
            "plugins: [taken.cs]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'taken.cs': there is a filter 'word-count' already: Experiments.Plugins.Testing.WordCountFilter. Give yours another name."
        },
        {
            "the same file twice",
            "plugins: [shout.cs, ./shout.cs]\n" + Clean("nothing"),
            "r.yaml(1,21): the plugin file 'shout.cs': there is a filter 'shout' already: ShoutFilter. Give yours another name."
        },
        {
            "an artifact type that cannot be made",
            "plugins: [artifact.cs]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'artifact.cs': Odd: an artifact type needs a public constructor with an ArtifactLocation: public sealed class Odd(ArtifactLocation location) : Artifact(location);"
        },
        {
            "an artifact type whose name is taken",
            "plugins: [report.cs]\n" + Clean("nothing"),
            "r.yaml(1,11): the plugin file 'report.cs': there is an artifact type 'Report' already: Experiments.Contracts.Artifacts.Report. Give yours another name."
        },
        {
            "no path",
            "plugins: [{ use: shout }]\n" + Clean("nothing"),
            "r.yaml(1,11): 'plugins' wants the path of a C# file or an assembly, or a list of paths, not a mapping."
        },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void WhatIsWrongWithAFileHasItsPlaceAndRemedy(string mistake, string recipe, string message)
    {
        WriteShout("shout.cs");
        _bench.Write("broken.cs", "[Plugin(\"shout\")]\npublic sealed class Broken : IDocumentFilter {\n    public Verdict Apply(Document document) => Verdict.Drop($\"too {reason}\");\n    private readonly int _x = \"a\";\n}");
        _bench.Write("text.dll", "no assembly").Write("empty.cs", "class Nothing;");
        _bench.Write("rules.cs", "[Plugin(\"odd\")] public sealed class Odd;");
        _bench.Write("option.cs", "[Plugin(\"odd\")] public sealed class Odd(OddOptions options) : IReward { public double Score(Problem problem, string answer, bool stopped) => options.When is null ? 0 : 1; }\npublic sealed record OddOptions { public Uri? When { get; init; } }");
        _bench.Write("artifact.cs", Shout + "\npublic sealed class Odd() : Artifact(\"somewhere\");");
        _bench.Write("report.cs", Shout + "\npublic sealed class Report(ArtifactLocation location) : Artifact(location);");
        _bench.Write("taken.cs", Shout.Replace("\"shout\"", "\"word-count\"", StringComparison.Ordinal));

        _bench.Problems(recipe).ShouldBe(message, mistake);
    }

    [Fact]
    public void AFilterFromACSharpFileIsBoundAndRuns()
    {
        WriteShout("shout.cs");

        var filter = Filter(_bench.Read("plugins: [shout.cs]\n" + Clean("{ use: shout, max_capitals: 1 }")));

        filter.Apply(new("", "A Bc")).Reason.ShouldBe("shouting");
        filter.Apply(new("", "a Bc")).Reason.ShouldBeNull();
    }

    [Fact]
    public void APluginOfAFileIsOnlyMadeAfterTheFileIsTrusted()
    {
        WriteShout("shout.cs");
        var recipe = _bench.Read("plugins: [shout.cs]\n" + Clean("shout"));

        Should.Throw<ForeignPluginException>(() => recipe.Catalog.Create<IDocumentFilter>(Step(recipe)))
            .Message.ShouldBe("The filter 'shout' comes from a plugin file, whose code this command does not run.");
        recipe.Catalog.Trusted().Create<IDocumentFilter>(Step(recipe)).Apply(new("", "a")).Reason.ShouldBeNull();
    }

    [Fact]
    public void AnAssemblyIsLoadedAsItIs()
    {
        WriteShout("shout.cs");
        _bench.PluginCache = Path.Combine(_bench.Root, "cache");
        var compiled = _bench.Read("plugins: [shout.cs]\n" + Clean("shout")).Plugins.Single().AssemblyPath!;

        var recipe = _bench.Read($"plugins: [{compiled}]\n" + Clean("shout"));

        recipe.Plugins.Single().AssemblyPath.ShouldBe(compiled);
        CanonicalJson.Text(recipe.Stages[0].Identity).ShouldContain(Digest.OfFile(compiled));
    }

    [Fact]
    public void PathsBeginAtTheFileThatSaysThem()
    {
        WriteShout("base/own/shout.cs");
        _bench.Write("base/b.yaml", "plugins: [own/shout.cs]\n" + Clean("shout"));

        _bench.Read("extends: base/b.yaml").Plugins.Single().Path.ShouldBe(Path.Combine(_bench.Root, "base/own/shout.cs"));
    }

    [Fact]
    public void PathsOfAnArgumentBeginAtTheWorkingDirectory()
    {
        WriteShout("own/shout.cs");
        _bench.Write("base/b.yaml", Clean("shout"));

        _bench.ReadFile("base/b.yaml", null, "plugins=[own/shout.cs]").Plugins.Single().Path.ShouldBe(Path.Combine(_bench.Root, "own/shout.cs"));
        _bench.Read("plugins: [elsewhere.cs]\n" + Clean("shout"), null, "plugins.0=own/shout.cs").Plugins.Single().Path.ShouldBe(Path.Combine(_bench.Root, "own/shout.cs"));
    }

    [Fact]
    public void AProfileReplacesTheFiles()
    {
        WriteShout("own/shout.cs");
        const string recipe = "vars: { folder: own }\nplugins: [elsewhere.cs]\nprofiles: { mine: { plugins: [$(vars.folder)/shout.cs] } }\n";

        _bench.Read(recipe + Clean("shout"), "mine").Plugins.Single().Path.ShouldBe(Path.Combine(_bench.Root, "own/shout.cs"));
    }

    [Fact]
    public void TheResolvedRecipeNamesTheFilesByTheirFullPaths()
    {
        WriteShout("$(folder)/shout.cs");
        var recipe = _bench.Read("plugins: [\"$$(folder)/shout.cs\"]\n" + Clean("shout"));
        var again = _bench.Write("other/resolved.json", CanonicalJson.Text(recipe.Resolved)).ReadFile("other/resolved.json");

        CanonicalJson.Text(again.Resolved).ShouldBe(CanonicalJson.Text(recipe.Resolved));
        again.Plugins.Single().Path.ShouldBe(Path.Combine(_bench.Root, "$(folder)/shout.cs"));
    }

    [Fact]
    public void TheSourceIsPartOfTheIdentityAndEvenItsCommentsAre()
    {
        WriteShout("shout.cs");
        var before = Identity();
        File.AppendAllText(Path.Combine(_bench.Root, "shout.cs"), "\n// a comment");
        var after = Identity();

        before.ShouldNotBe(after);
        after.ShouldBe($$"""{"max_capitals":3,"source":"{{Digest.OfFile(Path.Combine(_bench.Root, "shout.cs"))}}","use":"shout","version":1}""");

        string Identity() => CanonicalJson.Text(_bench.Read("plugins: [shout.cs]\n" + Clean("shout")).Stages[0].Identity["steps"]![0]);
    }

    [Fact]
    public void OtherPluginsKeepTheirIdentity()
    {
        WriteShout("shout.cs");

        CanonicalJson.Text(_bench.Read("plugins: [shout.cs]\n" + Clean("word-count")).Stages[0].Identity)
            .ShouldBe(CanonicalJson.Text(_bench.Read(Clean("word-count")).Stages[0].Identity));
    }

    /// <summary>A plugin file may be made to exhaust the compiler, or what reads it.</summary>
    [Theory]
    [InlineData("public static class A { public static int B = BRACKETS; }", "it has more than 4,000,000 bytes, or brackets in more than 200 levels.")]
    [InlineData(Circle, "CircleOptions: an options record cannot contain itself, directly or in another record.")]
    public void AFileThatHasNoEndIsRefused(string source, string message)
    {
        _bench.Write("endless.cs", source.Replace("BRACKETS", new string('(', 20_000) + "1" + new string(')', 20_000), StringComparison.Ordinal));

        _bench.Problems("plugins: [endless.cs]\nstages: { a: { use: write-lines } }").ShouldBe($"r.yaml(1,11): the plugin file 'endless.cs': {message}");
    }

    public void Dispose() => _bench.Dispose();

    private static string Clean(string steps) => $"stages:\n  a: {{ use: clean, inputs: {{ documents: file:data/* }}, with: {{ steps: [{steps}] }} }}";

    private static IDocumentFilter Filter(CheckedRecipe recipe) => recipe.Catalog.Trusted().Create<IDocumentFilter>(Step(recipe));

    private static JsonElement Step(CheckedRecipe recipe) => JsonSerializer.SerializeToElement(recipe.Stages[0].Full["steps"]![0]);

    /// <summary>
    /// Writes the filter with a different source in each test, because a process loads an assembly of one name only
    /// once.
    /// </summary>
    private void WriteShout(string path) => _bench.Write(path, $"{Shout}\n// {_bench.Root}");
}
