using System.Text.Json.Nodes;

namespace Experiments.EndToEnd.Tests.Commands;

public sealed class ValidateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lab-validate-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AGoodRecipeIsCounted()
    {
        var (exitCode, output, errors) = await new Lab(_folder).RunAsync("validate", Lab.Checkout("tests/EndToEnd/Recipes/tiny-sweep.yaml"));

        (exitCode, errors).ShouldBe((0, ""));
        output.ShouldContain("12 stages");
        output.ShouldContain("3 runs");
    }

    /// <summary>A recipe may be a stranger's. What a terminal would obey is shown.</summary>
    [Fact]
    public async Task EscapesInARecipeAreShownAndNotObeyed()
    {
        var recipe = Path.Combine(_folder, "red\u001B[31m.yaml");
        await File.WriteAllTextAsync(recipe, "stages:\n  world: { use: \"generate\\e]0;title\\a\\u202E\" }\n", TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await new Lab(_folder).RunAsync("validate", recipe);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain("red\u241B[31m.yaml(2,17): stage 'world': no stage plugin 'generate\u241B]0;title\u2407<U+202E>'.");
        errors.ShouldNotContain("\u001B");
    }

    [Fact]
    public async Task JsonWritesEachProblemAsALine()
    {
        var recipe = Path.Combine(_folder, "wrong.yaml");
        await File.WriteAllTextAsync(recipe, "stages:\n  world: { use: generate-word }\n", TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await new Lab(_folder).RunAsync("validate", recipe, "--json", "--set", "sed=1");

        (exitCode, errors).ShouldBe((2, ""));
        var problems = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject()).ToList();
        problems.Select(problem => (string?)problem["file"]).ShouldBe(["--set sed=1", recipe], ignoreOrder: true);
        var mistake = problems.Single(problem => (string?)problem["file"] == recipe);
        ((int?)mistake["line"], (int?)mistake["column"], (string?)mistake["severity"], (string?)mistake["suggestion"]).ShouldBe((2, 17, "error", "generate-world"));
        ((string?)mistake["message"]).ShouldStartWith("stage 'world': no stage plugin 'generate-word'.");
        problems.Single(problem => problem != mistake)["line"].ShouldBeNull();
        (await new Lab(_folder).RunAsync("validate", Lab.Tiny, "--json")).ShouldBe((0, "", ""));
    }

    [Fact]
    public async Task WhatDoesNotSuitTheMachineIsAWarning()
    {
        var recipe = Path.Combine(_folder, "large.yaml");
        await File.WriteAllTextAsync(recipe, "stages: { world: { use: generate-world, run: { threads: 4096 } } }", TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await new Lab(_folder).RunAsync("validate", recipe);

        exitCode.ShouldBe(0);
        output.ShouldContain("no problems");
        errors.ShouldStartWith($"warning: {recipe}(1,57): stage 'world', run: 'threads' is 4096, but this machine has ");
    }

    [Fact]
    public async Task AWrongRecipeIsRefusedWithAllItsMistakes()
    {
        var recipe = Path.Combine(_folder, "wrong.yaml");
        await File.WriteAllTextAsync(
            recipe,
            """
            stages:
              world: { use: generate-word }
              clean:
                use: process-documents
                inputs: { documents: wrld }
                with: { steps: [ { use: language, kep: [en], keep: [en, xx] } ] }
            """,
            TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await new Lab(_folder).RunAsync("validate", recipe);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain($"{recipe}(2,17): ");
        errors.ShouldContain("Did you mean 'generate-world'?");
        errors.ShouldContain("Did you mean 'world'?");
        errors.ShouldContain("option 'keep': no language 'xx' is detected. Codes: ");
        errors.ShouldContain("Did you mean 'keep'?");
    }

    [Fact]
    public async Task AStageThatIsSetToNothingIsAMistakeEvenIfOthersReadIt()
    {
        var (exitCode, _, errors) = await new Lab(_folder).RunAsync("validate", Lab.Tiny, "--set", "stages.rl=null");

        exitCode.ShouldBe(2);
        errors.ShouldStartWith("--set stages.rl=null: stage 'rl' ");
    }
}
