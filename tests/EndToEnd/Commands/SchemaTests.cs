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
    public async Task AnOptionThatIsNearlyRightIsSuggested()
    {
        var (exitCode, output, errors) = await new Lab(null).RunAsync("schema", "--ot", "x");

        exitCode.ShouldBe(2);
        (output + errors).ShouldContain("--out");
    }
}
