using System.Text.Json.Nodes;

namespace Experiments.EndToEnd.Tests.Commands;

public sealed class SchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-schema-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WritesASchemaThatKnowsThePlugins()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("schema");

        (exitCode, errors).ShouldBe((0, ""));
        ((string)JsonNode.Parse(output)!["$schema"]!).ShouldStartWith("http://json-schema.org/");
        output.ShouldContain("\"train-bpe\"");
        output.ShouldContain("\"vocabulary_size\"");
    }

    [Fact]
    public async Task OutWritesTheSameIntoAFile()
    {
        var file = Path.Combine(_folder, "new", "recipe.schema.json");
        var (exitCode, output, _) = await new Lab(null).RunAsync("schema", "--out", file);

        exitCode.ShouldBe(0);
        output.ShouldStartWith(file);
        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).ShouldBe((await new Lab(null).RunAsync("schema")).Output);
    }

    [Fact]
    public async Task ARecipesOwnPluginsAreInItsSchema()
    {
        var (recipe, file) = (Write("own.yaml", "plugins: [quiet.cs]\nstages: { a: { use: nonsense } }"), Path.Combine(_folder, "runs/own.schema.json"));
        var lab = new Lab(Path.Combine(_folder, "runs"));

        var (exitCode, output, errors) = await lab.RunAsync("schema", recipe, "--out", file);

        (exitCode, errors).ShouldBe((0, ""));
        output.ShouldEndWith($"Make this the first line of {recipe}:\n# yaml-language-server: $schema=runs/own.schema.json\n");
        var written = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        written.ShouldContain("Says nothing.");
        (await lab.RunAsync("schema", "--plugin", Path.Combine(_folder, "quiet.cs"))).Output.ShouldBe(written);
        Write("own.yaml", "# yaml-language-server: $schema=runs/own.schema.json\nplugins: [quiet.cs]\nstages: { a: { use: nonsense } }");
        (await lab.RunAsync("schema", recipe, "--out", file)).Output.ShouldNotContain("first line");
    }

    [Fact]
    public async Task ARunKeepsTheSchemaThatItsRecipeNamesUpToDate()
    {
        var lab = new Lab(Path.Combine(_folder, "runs"));
        const string Recipe = "plugins: [quiet.cs]\nstages: { a: { use: published-tokenizer } }";
        foreach (var name in new[] { "runs/own.schema.json", "runs/recipe.schema.json", "elsewhere.schema.json", "runs/other.json" })
        {
            (await lab.RunAsync("run", Write("own.yaml", $"# yaml-language-server: $schema={name}\n{Recipe}"), "--trust")).ExitCode.ShouldBe(0);
        }

        (await File.ReadAllTextAsync(Path.Combine(_folder, "runs/own.schema.json"), TestContext.Current.CancellationToken)).ShouldContain("Says nothing.");
        (await File.ReadAllTextAsync(Path.Combine(_folder, "runs/recipe.schema.json"), TestContext.Current.CancellationToken)).ShouldBe((await new Lab(null).RunAsync("schema")).Output);
        File.Exists(Path.Combine(_folder, "elsewhere.schema.json")).ShouldBeFalse();
        File.Exists(Path.Combine(_folder, "runs/other.json")).ShouldBeFalse();
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, "quiet.cs"), """
            /// <summary>Says nothing.</summary>
            [Plugin("quiet")]
            public sealed class QuietFilter : IDocumentFilter
            {
                public Verdict Apply(Document document) => Verdict.Keep(document);
            }
            """);
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [Fact]
    public async Task AnOptionThatIsNearlyRightIsSuggested()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("schema", "--ot", "x");

        exitCode.ShouldBe(2);
        (output + errors).ShouldContain("--out");
    }
}
