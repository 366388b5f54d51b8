using System.Text.Json.Nodes;
using Experiments.Contracts.Text;
using Experiments.Engine.Artifacts;
using Experiments.Engine.Plugins;
using Experiments.Engine.Yaml;
using Experiments.Plugins.Testing;

namespace Experiments.Engine.Tests.Plugins.Foreign;

/// <summary>What is read of a plugin file's code must be what a worker gets when it runs this code.</summary>
public sealed class ForeignDefaultsTests : TemporaryFolder
{
    private static readonly PluginCatalog Shipped = PluginCatalog.FromAssemblies(typeof(CleanStage).Assembly);

    /// <summary>Properties with defaults that are constants.</summary>
    public static TheoryData<string> Constants =>
    [
        "public bool A { get; init; } = true; public bool B { get; init; }",
        "public int A { get; init; } = -5; public int? B { get; init; } = 12; public int? C { get; init; } public int D { get; init; } = 70_000;",
        "public long A { get; init; } = 7; public long B { get; init; } = 5_000_000_000; public long C { get; init; } = uint.MaxValue;",
        "public ulong A { get; init; } = 9; public ulong B { get; init; } = ulong.MaxValue; public ulong C { get; init; } = uint.MaxValue;",
        "public double A { get; init; } = 0.1; public double B { get; init; } = 3; public double? C { get; init; } = 2.5; public double D { get; init; } = double.MaxValue;",
        "public float A { get; init; } = 0.25f; public float B { get; init; } = 2;",
        "public string A { get; init; } = \"x\"; public string? B { get; init; } public string C { get; init; } = string.Empty; public string D { get; init; } = \"a\" + \"b\";",
        "public TimeSpan A { get; init; } = TimeSpan.FromMinutes(5); public TimeSpan? B { get; init; } = TimeSpan.FromSeconds(1.5); public TimeSpan C { get; init; } = new(1, 2, 3);",
        "public Shade A { get; init; } = Shade.Mid; public Shade? B { get; init; } = Shade.Light; public Shade C { get; init; } public DayOfWeek D { get; init; } = DayOfWeek.Friday;",
        "public IReadOnlyList<string> A { get; init; } = []; public IReadOnlyList<string> B { get; init; } = [\"a\"]; public IReadOnlyList<string> C { get; init; } = [\"a\", \"b\"];",
        "public IReadOnlyList<int> A { get; init; } = [1]; public IReadOnlyList<int> B { get; init; } = [1, 2, 3, 4]; public IReadOnlyList<long> C { get; init; } = [1, -2, 3];",
        "public IReadOnlyList<double> A { get; init; } = [1, 2.5, 3]; public IReadOnlyList<float> B { get; init; } = [1, 2, 3]; public IReadOnlyList<ulong> C { get; init; } = [1, ulong.MaxValue, 3];",
        "public IReadOnlyList<bool> A { get; init; } = [true, false, true]; public IReadOnlyList<Shade> B { get; init; } = [Shade.Mid, Shade.Dark]; public Shade[] C { get; init; } = [Shade.Mid, Shade.Dark, Shade.Light];",
        "public int[] A { get; init; } = [1, 2, 3]; public string[] B { get; init; } = { \"a\", \"b\" }; public double[] C { get; init; } = [];",
        "public List<int> A { get; init; } = [1, 2, 3]; public List<string> B { get; init; } = new() { \"a\", \"b\" }; public List<string> C { get; init; } = new();",
        "public IReadOnlyDictionary<string, double> A { get; init; } = new Dictionary<string, double> { [\"a\"] = 1 }; public Dictionary<string, int> B { get; init; } = new() { { \"z\", 1 } };",
        "public Inner A { get; init; } = new(); public Inner B { get; init; } = new() { Size = 9, Shade = Shade.Dark }; public Inner? C { get; init; }",
        "public IReadOnlyList<Inner> A { get; init; } = [new() { Size = 1 }, new() { Name = \"k\" }]; public IReadOnlyList<IReadOnlyList<int>> B { get; init; } = [[1, 2], [3]];",
        "private int a = 3; public int A { get => a; init => a = value; } private int b = 4; public int B { get { return b; } init { b = value; } }",
        "[AddedLater(Shade.Mid)] public Shade A { get; init; } = Shade.Mid; [AddedLater(Shade.Mid)] public Shade B { get; init; } [AddedLater(0.5)] public double C { get; init; } = 0.5;",
        "public override int Over { get; init; } = 7;",
        "[RuntimeOnly] public int A { get; init; } = 1; public int B { get; init; } = Environment.ProcessorCount; public Options() => B = 5;",
    ];

    [Theory]
    [MemberData(nameof(Constants))]
    public void WhatIsReadIsWhatRunningTheCodeGives(string properties)
    {
        var catalog = Load(properties);

        var read = Bind(catalog, out var problems);
        problems.ShouldBeEmpty();

        var run = Bind(catalog.InWorker(), out _);
        CanonicalJson.Text(read!.Full).ShouldBe(CanonicalJson.Text(run!.Full));
        CanonicalJson.Text(read.Identity).ShouldBe(CanonicalJson.Text(run.Identity));
        catalog.Find("reward", "own")!.Options.Select(option => option.Default)
            .ShouldBe(catalog.InWorker().Find("reward", "own")!.Options.Select(option => option.Default));
    }

    /// <summary>Properties with defaults that only running the code tells.</summary>
    public static TheoryData<string> Computed =>
    [
        "public int A { get; init; } = Environment.ProcessorCount;",
        "public int A { get; init; } = Environment.ProcessorCount / 2;",
        "public int A { get; init; } = Math.Max(3, 4);",
        "public string A { get; init; } = Environment.MachineName + \"x\";",
        "public int A { get; init; } = Environment.ProcessorCount > 1 ? 3 : 4;",
        "private static readonly int three = 3; public int A { get; init; } = three;",
        "public IReadOnlyList<int> A { get; init; } = [1, Environment.ProcessorCount];",
        "public IReadOnlyList<Inner> A { get; init; } = [new() { Size = Environment.ProcessorCount }];",
        "private readonly int a = 4; public int A { get => Environment.ProcessorCount > 1 ? a : 3; init => a = value; }",
        "public int A { get; init; } = 3; public Options() => Change(this); private static void Change(Options options) { for (var i = 0; i < 3; i++) { options.a++; } } private int a;",
        "public int A { get; init; } = Again(3); private static int Again(int n) => Again(n + 1);",
    ];

    [Theory]
    [MemberData(nameof(Computed))]
    public void ADefaultThatIsNotAConstantMustBeWritten(string properties)
    {
        var catalog = Load(properties);

        Bind(catalog, out var problems).ShouldBeNull();
        problems.ShouldHaveSingleItem().ToString().ShouldStartWith("r.yaml(1,1): stage 'a', reward 'own': the default of option 'a' is not a constant");
        catalog.Find("reward", "own")!.Options[0].Default.ShouldBeNull();
        if (!properties.Contains("IReadOnlyList", StringComparison.Ordinal))
        {
            var given = Bind(catalog, out problems, new MappingEntry("a", Here, new ScalarNode(Here, "3")));
            problems.ShouldBeEmpty();
            ((JsonNode)given!.Full)["a"]!.ToString().ShouldBe("3");
        }
    }

    [Fact]
    public void ADefaultThatIsNotAConstantLeavesTheOthersKnown()
    {
        var catalog = Load("public int A { get; init; } = 3; public int B { get; init; } = Environment.ProcessorCount > 1 ? 3 : 4; public string? C { get; init; } = Environment.GetEnvironmentVariable(\"a\") ?? \"b\"; public IReadOnlyList<string> D { get; init; } = [\"d\"];");

        Bind(catalog, out var problems).ShouldBeNull();

        problems.Select(problem => problem.ToString()).Count().ShouldBe(2);
        catalog.Find("reward", "own")!.Options.Select(option => option.Default).ShouldBe(["3", null, null, "[\"d\"]"]);
    }

    [Fact]
    public void APartOfANestedRecordMayBeWritten()
    {
        var catalog = Load("public Inner A { get; init; } = new() { Size = Environment.ProcessorCount, Shade = Shade.Dark };");

        Bind(catalog, out var problems).ShouldBeNull();
        problems.ShouldHaveSingleItem().ToString().ShouldStartWith("r.yaml(1,1): stage 'a', reward 'own', option 'a': the default of option 'size' is not a constant");

        var given = new MappingNode(Here, [new("size", Here, new ScalarNode(Here, "5"))]);
        CanonicalJson.Text(Bind(catalog, out _, new MappingEntry("a", Here, given))!.Full["a"]).ShouldBe("""{"name":null,"shade":"dark","size":5}""");
    }

    [Fact]
    public void AllPluginsOfAKindAreThoseThatMayBeMade()
    {
        var catalog = Load("public int A { get; init; } = 3;");

        catalog.All<IReward>().ShouldBeEmpty();
        catalog.Trusted().All<IReward>().ShouldHaveSingleItem();
    }

    private static SourceLocation Here { get; } = new("r.yaml", 1, 1);

    private PluginCatalog Load(string properties)
    {
        var path = Path.Combine(Folder, "own.cs");
        File.WriteAllText(path, $$"""
            // {{Folder}}
            public enum Shade { Light, Dark = 7, Mid = 3 }
            public sealed record Inner { public int Size { get; init; } = 4; public string? Name { get; init; } public Shade Shade { get; init; } = Shade.Mid; }
            public abstract record Root { public virtual int Base { get; init; } = 4; public virtual int Over { get; init; } = 5; public int Plain { get; init; } = 6; }
            public sealed record Options{{(properties.Contains("override", StringComparison.Ordinal) ? " : Root" : "")}} {  {{properties}} }
            [Plugin("own")] public sealed class Own(Options options) : IReward { public double Score(Problem problem, string answer, bool stopped) => options.GetHashCode(); }
            """);
        var problems = new RecipeProblems();
        var (catalog, _) = new PluginFiles(Path.Combine(Folder, "cache")).AddTo(Shipped, [new(path, path, Here)], problems);
        problems.ShouldBeEmpty();
        return catalog;
    }

    private static BoundOptions? Bind(PluginCatalog catalog, out RecipeProblems problems, params MappingEntry[] given)
    {
        problems = [];
        return new OptionsBinder(catalog, problems).BindPlugin("reward", new MappingNode(Here, [new("use", Here, new ScalarNode(Here, "own")), .. given]), "stage 'a'");
    }
}
