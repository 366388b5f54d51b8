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
                with: { steps: [ { use: language, kep: [en] } ] }
            """,
            TestContext.Current.CancellationToken);

        var (exitCode, output, errors) = await new Lab(_folder).RunAsync("validate", recipe);

        (exitCode, output).ShouldBe((2, ""));
        errors.ShouldContain($"{recipe}(2,17): ");
        errors.ShouldContain("Did you mean 'generate-world'?");
        errors.ShouldContain("Did you mean 'world'?");
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
