namespace Experiments.EndToEnd.Tests.Commands;

/// <summary>The hidden command by which a run checks the rules of plugin files.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task ARecipeWithoutPluginFilesIsReadAsValidateReadsIt()
    {
        (await new Lab(null).RunAsync("check", Lab.Tiny)).ShouldBe((0, "", ""));
    }

    [Fact]
    public async Task NoRecipeIsAMistake()
    {
        var (exitCode, _, errors) = await new Lab(null).RunAsync("check");

        exitCode.ShouldBe(2);
        errors.ShouldContain("check");
    }
}
