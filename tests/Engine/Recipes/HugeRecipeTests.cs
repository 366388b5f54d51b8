using System.Diagnostics;
using System.Text;
using Experiments.Engine.Recipes;
using Experiments.Engine.Yaml;

namespace Experiments.Engine.Tests.Recipes;

/// <summary>Recipes that are made to exhaust time or memory. Each is refused soon, with a place.</summary>
public sealed class HugeRecipeTests : IDisposable
{
    private const string Stages = "stages:\n  a: { use: write-lines }\n";
    private readonly RecipeBench _bench = new();

    /// <summary>Each recipe with what the message must say.</summary>
    public static TheoryData<string, string, string> Huge => new()
    {
        { "aliases of aliases", $"vars:\n  a0: &a0 [x]\n{Lines(12, i => $"  a{i}: &a{i} [{Times(10, $"*a{i - 1}")}]")}{Stages}", "r.yaml(7,55): invalid YAML: with its aliases and the files that it extends, the recipe has more than 200,000 values." },
        { "variables of variables", $"vars:\n  a0: [x]\n{Lines(12, i => $"  a{i}: [{Times(10, $"$(vars.a{i - 1})")}]")}{Stages}", "with its variables and its stages with 'foreach', the recipe has more than 200,000 values." },
        { "texts of texts", $"vars:\n  a0: xxxxxxxxxx\n{Lines(12, i => $"  a{i}: '{string.Concat(Enumerable.Repeat($"$(vars.a{i - 1})", 10))}'")}{Stages}", "with its variables, this text has more than 1,000,000 characters." },
        { "a chain of variables", $"vars:\n{Lines(3_000, i => $"  a{i}: $(vars.a{i + 1})")}  a3001: x\n{Stages}", "r.yaml(103,9): more than 100 values refer to each other in a row." },
        { "defaults in defaults", $"vars:\n  x: '{string.Concat(Enumerable.Repeat("$(vars.y, ", 9_999))}1{new string(')', 9_999)}'\n{Stages}", "r.yaml(2,6): more than 100 values refer to each other in a row." },
        { "a product of foreach", $"stages:\n  a: {{ use: write-lines, foreach: {{ {Times(9, "k#: [1, 2, 3, 4]")} }} }}\n", "r.yaml(2,35): stage 'a': 'foreach' would make more than 5,000 stages." },
        { "stages", $"stages:\n{Lines(5_001, i => $"  a{i}: {{ use: write-lines }}")}", "r.yaml(2,3): the recipe has 5,001 stages; 5,000 are the most." },
        { "plugins", $"stages:\n  a: {{ use: clean, inputs: {{ documents: file:data/* }}, with: {{ steps: [{Times(25_001, "nothing")}] }} }}\n", "the recipe names more than 25,000 plugins in its options." },
        { "a long file", $"# {new string('x', 4_000_000)}\n{Stages}", "r.yaml: the recipe 'r.yaml' is larger than 4 MB." },
        { "a recipe that extends twice what extends twice", "extends: [e0.yaml, e0.yaml]\n" + Stages, "the recipe extends more than 200 files." },
        { "every file of the machine", "stages:\n  a: { use: split, inputs: { documents: 'file:/**/*' } }\n", "r.yaml(2,41): stage 'a': input 'documents': the pattern" },
        { "devices", "stages:\n  a: { use: split, inputs: { documents: 'file:/dev/zero' } }\n", "r.yaml(2,41): stage 'a': input 'documents': '/dev/zero' is a pipe or a device" },
        { "a device as a plugin", "plugins: [zero.cs]\n" + Stages, "r.yaml(1,11): the plugin file 'zero.cs' cannot be read" },
        { "a pipe as a recipe", "extends: pipe.yaml\n" + Stages, "r.yaml(1,10): the recipe 'pipe.yaml' cannot be read: it is a pipe or a device that gives no text." },
        { "a device as a recipe", "extends: zero.yaml\n" + Stages, "r.yaml(1,10): the recipe 'zero.yaml' is larger than 4 MB." },
        { "a long cycle", $"stages:\n{Lines(3_000, i => $"  a{i}: {{ use: split, inputs: {{ documents: a{(i % 3_000) + 1} }} }}")}", "stages read each other in a cycle: a1 <- a2 <- a3 <- a4 <- a5 <- a6 <- a7 <- a8 <- a9 <- a10 <- (2981 more) <- a2992" },
        { "long names", $"stages:\n{Lines(300, i => $"  a{i}{new string('x', 300)}: {{ use: split, inputs: {{ documents: b }} }}")}", "and 290 more. Files are written file:PATTERN." },
        { "a long name", $"stages:\n  a: {{ use: {new string('y', 1_000_000)} }}\n", $"r.yaml(2,13): stage 'a': no stage plugin '{new string('y', 200)}... (1,000,000 characters)'." },
    };

    [Theory]
    [MemberData(nameof(Huge))]
    public void IsRefused(string what, string recipe, string message)
    {
        for (var i = 0; i < 12; i++)
        {
            _bench.Write($"e{i}.yaml", $"extends: [e{i + 1}.yaml, e{i + 1}.yaml]\n");
        }

        _bench.Write("e12.yaml", "name: e\n");
        File.CreateSymbolicLink(Path.Combine(_bench.Root, "zero.cs"), "/dev/zero");
        File.CreateSymbolicLink(Path.Combine(_bench.Root, "zero.yaml"), "/dev/zero");
        Process.Start("mkfifo", [Path.Combine(_bench.Root, "pipe.yaml")]).WaitForExit();

        var problems = _bench.Problems(recipe);

        problems.ShouldContain(message, customMessage: what);
        problems.Length.ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void ManyMistakesAreManyShortLines()
    {
        var problems = _bench.Problems($"stages:\n{Lines(3_000, i => $"  a{i}: {{ use: split, inputs: {{ documents: nowhere{i} }} }}")}").Split('\n');

        problems.Length.ShouldBe(1_000);
        problems[0].ShouldStartWith("r.yaml(2,42): stage 'a1': input 'documents': no stage 'nowhere1'.");
        problems[0].ShouldContain(" and 2899 more.");
    }

    [Fact]
    public void ThreeThousandStagesAreNotTooMany() =>
        _bench.Read($"vars: {{ n: [{string.Join(", ", Enumerable.Range(0, 3_000))}] }}\nstages:\n  a: {{ use: write-lines, foreach: {{ n: $(vars.n) }}, with: {{ text: \"$(each.n)\" }} }}\n").Stages.Count.ShouldBe(3_000);

    [Fact]
    public void ARecipeInAnotherEncodingIsRefusedWithItsLine()
    {
        File.WriteAllBytes(Path.Combine(_bench.Root, "r.yaml"), [.. Encoding.UTF8.GetBytes("name: x\n# caf"), 0xE9, .. Encoding.UTF8.GetBytes("\n" + Stages)]);

        Should.Throw<RecipeException>(() => _bench.ReadFile("r.yaml")).Message.ShouldBe("r.yaml: line 2 of the recipe 'r.yaml' is not UTF-8. Save the file as UTF-8.");
    }

    [Fact]
    public void ALinkThatLeadsBackIsFollowedOnce()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Root, "in/d"));
        Directory.CreateDirectory(Path.Combine(_bench.Root, "elsewhere"));
        _bench.Write("in/d/a.jsonl", "{}").Write("elsewhere/b.jsonl", "{}");
        foreach (var (link, target) in new[] { ("in/d/s1", "."), ("in/d/s2", ".."), ("in/other", "../elsewhere"), ("elsewhere/back", "../in"), ("in/broken", "nowhere") })
        {
            File.CreateSymbolicLink(Path.Combine(_bench.Root, link), target);
        }

        Found("in/**/*.jsonl").ShouldBe(["in/d/a.jsonl", "in/other/b.jsonl"]);
        Found("in").ShouldBe(["in/d/a.jsonl", "in/other/b.jsonl"]);

        IEnumerable<string> Found(string pattern) => ((ExternalFiles)_bench.Read($"stages:\n  a: {{ use: split, inputs: {{ documents: 'file:{pattern}' }} }}\n").Stages[0].Inputs[0].Sources[0])
            .Files.Select(path => Path.GetRelativePath(_bench.Root, path));
    }

    public void Dispose() => _bench.Dispose();

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(1, count).Select(i => line(i) + "\n"));

    private static string Times(int count, string text) => string.Join(", ", Enumerable.Range(0, count).Select(i => text.Replace("#", $"{i}", StringComparison.Ordinal)));
}
